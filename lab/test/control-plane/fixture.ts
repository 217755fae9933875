import { afterAll, beforeAll } from 'vitest';
import { ClusterClient } from '../../../lib/kubernetes/cluster-client';
import { type ControlPlane, startControlPlane } from '../../control-plane/control-plane';

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
    for (const namespace of namespaces) await fixture.controlPlane.kubectl(['create', 'namespace', namespace]);
  });
  afterAll(async () => {
    process.env.KUBECONFIG = kubeconfig;
    await fixture.controlPlane?.stop();
  });
  return fixture;
}
