import { afterAll, beforeAll } from 'vitest';
import { ClusterClient } from '../../../lib/kubernetes/cluster-client';
import { type ControlPlane, startControlPlane } from '../../control-plane/control-plane';
import { until } from '../until';

/** The control plane of one test file, which this process's kubeconfig leads to. */
export interface ControlPlaneFixture {
  controlPlane: ControlPlane;
  client: ClusterClient;
}

/** Starts a control plane with these namespaces before the tests of a file, and stops it after them. */
export function useControlPlane(...namespaces: readonly string[]): ControlPlaneFixture {
  const fixture = {} as ControlPlaneFixture;
  const kubeconfig = process.env.KUBECONFIG;
  beforeAll(async () => {
    fixture.controlPlane = await startControlPlane();
    process.env.KUBECONFIG = fixture.controlPlane.kubeconfig;
    fixture.client = new ClusterClient(fixture.controlPlane.context);
    for (const namespace of namespaces) await createNamespace(fixture.controlPlane, namespace);
  });
  afterAll(async () => {
    process.env.KUBECONFIG = kubeconfig;
    await fixture.controlPlane?.stop();
  });
  return fixture;
}

/** Creates a namespace that pods can be created in. */
export async function createNamespace({ kubectl }: ControlPlane, namespace: string): Promise<void> {
  await kubectl(['create', 'namespace', namespace]);
  const account = ['get', 'serviceaccount', 'default', '-n', namespace, '--ignore-not-found', '-o', 'name'];
  await until(`a service account in ${namespace}`, 240, () => kubectl(account));
}
