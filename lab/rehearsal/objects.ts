import { LOCAL_PATH_PROVISIONER } from '../control-plane/local-path';
import type { Lab } from '../lab';
import type { Needs } from './needs';

/** Creates what a description expects in a cluster: classes, and namespaces and claims of others. */
export async function provideObjects(lab: Lab, needs: Needs): Promise<void> {
  // Leaves alone what the lab has from the start.
  const classes = await lab.kubectl(['get', 'storageclasses', '--output', 'jsonpath={.items[*].metadata.name}']);
  await apply(lab, [
    ...needs.namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...needs.storageClasses.filter((name) => !classes.split(' ').includes(name)).map(storageClass),
    ...needs.runtimeClasses.map((name) => ({
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      metadata: { name },
      handler: 'runc',
    })),
  ]);
  for (const { name } of lab.allNodes) {
    if (needs.nodeLabels.length > 0) await lab.kubectl(['label', 'node', name, '--overwrite', ...needs.nodeLabels]);
    if (needs.devices.length > 0) await addDevices(lab, name, needs.devices);
  }
}

/** Creates objects in namespaces, some of which exist only after the shared stack was applied. */
export async function provideNamespaced(lab: Lab, needs: Needs): Promise<void> {
  await apply(lab, [
    ...needs.claims.map(claim),
    ...needs.secrets.map(({ namespace, name, keys }) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace, name },
      stringData: placeholders(keys),
    })),
    ...needs.configMaps.map(({ namespace, name, keys }) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace, name },
      data: placeholders(keys),
    })),
  ]);
}

/** Placeholders only: no real secret gets in here. */
function placeholders(keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, 'rehearsal']));
}

function storageClass(name: string): object {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: LOCAL_PATH_PROVISIONER,
    volumeBindingMode: 'WaitForFirstConsumer',
  };
}

function claim({ namespace, name }: Needs['claims'][number]): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { namespace, name },
    spec: {
      storageClassName: 'local-path',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    },
  };
}

/** The kubelet leaves other programs' resources in its status alone. */
async function addDevices(lab: Lab, node: string, devices: readonly string[]): Promise<void> {
  const capacity = Object.fromEntries(devices.map((name) => [name, '8']));
  const patch = JSON.stringify({ status: { capacity } });
  await lab.kubectl(['patch', 'node', node, '--subresource=status', '--type=merge', '--patch', patch]);
}

async function apply(lab: Lab, items: readonly object[]): Promise<void> {
  if (items.length === 0) return;
  const list = { apiVersion: 'v1', kind: 'List', items };
  await lab.kubectl(['apply', '--filename', '-'], JSON.stringify(list));
}
