/** Volumes of node-local storage: the objects and files that their provisioner wants. */
import { stringify } from 'yaml';
import type { ApiClient } from './api-client';
import type { StateFolder } from './files';

export const LOCAL_PATH_NAMESPACE = 'local-path-storage';
export const LOCAL_PATH_PROVISIONER = 'rancher.io/local-path';
export const LOCAL_PATH_SCRIPTS = 'local-path-config';
export const HELPER_LABEL = 'lab.lunward/helper';

/** With real kubelets the provisioner's helper pods run: machines must have this image, with `sh`, `mkdir` and `rm`. */
export const HELPER_IMAGE = 'lab/busybox:1';

/** Creates the storage class `local-path` and what else belongs to it. `real`: helper pods run on a kubelet. */
export async function createLocalPathObjects(api: ApiClient, real: boolean): Promise<void> {
  await api.post('/apis/storage.k8s.io/v1/storageclasses', storageClass);
  await api.post('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: LOCAL_PATH_NAMESPACE },
  });
  if (real) await api.post(`/api/v1/namespaces/${LOCAL_PATH_NAMESPACE}/configmaps`, scripts);
}

/** Writes the files that the provisioner reads. */
export function writeLocalPathFiles(folder: StateFolder, real: boolean): void {
  const paths = [{ node: 'DEFAULT_PATH_FOR_NON_LISTED_NODES', paths: ['/opt/local-path-provisioner'] }];
  folder.write('local-path.json', JSON.stringify({ nodePathMap: paths }));
  const spec = real
    ? {
        // It talks to nobody, and a token is one more volume to set up.
        automountServiceAccountToken: false,
        containers: [{ name: 'helper-pod', image: HELPER_IMAGE, imagePullPolicy: 'IfNotPresent' }],
      }
    : { containers: [{ name: 'helper-pod', image: 'example.com/none:0' }] };
  const metadata = { name: 'helper-pod', labels: { [HELPER_LABEL]: 'true' } };
  folder.write('helper-pod.yaml', stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec }));
}

const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'local-path' },
  provisioner: LOCAL_PATH_PROVISIONER,
  reclaimPolicy: 'Delete',
  // As everywhere with node-local storage: the volume is where its first pod is.
  volumeBindingMode: 'WaitForFirstConsumer',
};

/** Mounted into every helper pod, which runs one of them. */
const scripts = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: LOCAL_PATH_SCRIPTS },
  data: {
    setup: '#!/bin/sh\nset -eu\nmkdir -m 0777 -p "$VOL_DIR"\n',
    teardown: '#!/bin/sh\nset -eu\nrm -rf "$VOL_DIR"\n',
  },
};
