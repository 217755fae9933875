import type { Lab } from '../../lab';
import { until } from '../until';

export const PATH = '/volume2/kube-nfs/v/jellyfin-config';
export const IQN = 'iqn.2000-01.com.example:jellyfin';
/** Of somebody who wants its data on a LUN of that target. */
export const DESCRIPTION = `import { defineCluster, iscsi, jellyfin, nfs } from 'lunward';

export default defineCluster({
  context: 'lab',
  nodes: { 'node-a': { ssh: 'admin@192.0.2.210' }, 'node-b': { ssh: 'root@192.0.2.211' } },
  namespace: 'media',
  apps: {
    jellyfin: jellyfin({
      image: 'lscr.io/linuxserver/jellyfin:10.11.5',
      config: [
        nfs({ name: 'jellyfin-config', server: '192.0.2.200', path: '${PATH}', size: '10Gi' }),
        iscsi({ name: 'jellyfin-config-2', targetPortal: '192.0.2.200:3260', iqn: '${IQN}', lun: 1, size: '128Mi' }),
      ],
    }),
  },
});
`;
/** As somebody once applied it by hand, under labels of his own. */
const manifests = (env: Readonly<Record<string, string>>) => `
apiVersion: v1
kind: Namespace
metadata: { name: media }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: jellyfin-config, labels: { app: films } }
spec:
  capacity: { storage: 10Gi }
  accessModes: [ReadWriteMany]
  storageClassName: ""
  persistentVolumeReclaimPolicy: Retain
  claimRef: { namespace: media, name: jellyfin-config }
  nfs: { server: 192.0.2.200, path: ${PATH} }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: jellyfin-config, namespace: media, labels: { app: films } }
spec: { storageClassName: "", volumeName: jellyfin-config, accessModes: [ReadWriteMany], resources: { requests: { storage: 10Gi } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: jellyfin, namespace: media, labels: { app: films } }
spec:
  selector: { matchLabels: { app: films } }
  strategy: { type: Recreate }
  template:
    metadata: { labels: { app: films } }
    spec:
      enableServiceLinks: false
      # Another node than the one that copies, so that the NAS can tell them apart.
      nodeName: node-b
      containers:
        - name: jellyfin
          image: lscr.io/linuxserver/jellyfin:10.11.5
          imagePullPolicy: IfNotPresent
          env: ${JSON.stringify(Object.entries({ PUID: '1000', PGID: '1000', ...env }).map(([name, value]) => ({ name, value })))}
          volumeMounts: [{ name: config, mountPath: /config }]
      volumes: [{ name: config, persistentVolumeClaim: { claimName: jellyfin-config } }]
`;

/** Brings it up, or lets it go on with another environment; the folder of its volume is exported already. */
export async function runJellyfin(lab: Lab, env: Readonly<Record<string, string>> = {}): Promise<void> {
  await lab.kubectl(['apply', '--filename', '-'], manifests(env));
  await lab.kubectl(['--namespace', 'media', 'rollout', 'status', 'deployment/jellyfin', '--timeout=240s']);
  const before = lab.acknowledgements().length;
  await until('rows of jellyfin', 60, () => lab.acknowledgements().length > before + 5);
}
