import type { Lab } from '../../lab';
import { until } from '../until';
import { iqnOf } from './log-in';

/** An app that keeps its settings on a share, as a user once applied it by hand, with labels of their own. */
export interface SomebodysApp {
  readonly name: string;
  readonly image: string;
  /** The port that it listens on. */
  readonly port: number;
  /** Path of the export with its settings. */
  readonly path: string;
  /** Environment of its container, besides owner and group. */
  readonly env?: Readonly<Record<string, string>>;
}

const OWNER = { PUID: '1000', PGID: '1000' };
/** One row a second: the default of five keeps emulated machines from their work. */
const CALM = { APP_WRITE_MILLISECONDS: '1000' };

const manifests = ({ name, image, port, path, env }: SomebodysApp) => `
apiVersion: v1
kind: Namespace
metadata: { name: media }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: ${name}-config, labels: { app: my-${name} } }
spec:
  capacity: { storage: 10Gi }
  accessModes: [ReadWriteMany]
  storageClassName: ""
  persistentVolumeReclaimPolicy: Retain
  claimRef: { namespace: media, name: ${name}-config }
  nfs: { server: 192.0.2.200, path: ${path} }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ${name}-config, namespace: media, labels: { app: my-${name} } }
spec: { storageClassName: "", volumeName: ${name}-config, accessModes: [ReadWriteMany], resources: { requests: { storage: 10Gi } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: media, labels: { app: my-${name} } }
spec:
  selector: { matchLabels: { app: my-${name} } }
  strategy: { type: Recreate }
  template:
    metadata: { labels: { app: my-${name} } }
    spec:
      enableServiceLinks: false
      # Another node than the one that copies, so that the NAS can tell them apart.
      nodeName: node-b
      containers:
        - name: ${name}
          image: ${image}
          imagePullPolicy: IfNotPresent
          env: ${JSON.stringify(Object.entries({ ...OWNER, ...CALM, ...env }).map(([key, value]) => ({ name: key, value })))}
          ports: [{ name: web, containerPort: ${port} }]
          volumeMounts: [{ name: ${name}-config, mountPath: /config }]
      volumes: [{ name: ${name}-config, persistentVolumeClaim: { claimName: ${name}-config } }]
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: media, labels: { app: my-${name} } }
spec:
  selector: { app: my-${name} }
  ports: [{ name: web, port: 80, targetPort: web }]
`;

/** A description that adopts the apps as they run, and wants their data on LUNs of these sizes. */
export const describedApps = (
  apps: readonly (SomebodysApp & { readonly size: string })[],
  { hostKey = '' } = {},
) => `import { defineCluster, iscsi, nfs, ${apps.map(({ name }) => name).join(', ')} } from 'lunward';

export default defineCluster({
  context: 'lab',
  nodes: {
    'node-a': { ssh: 'admin@192.0.2.210' },
    'node-b': { ssh: 'root@192.0.2.211'${hostKey && `, hostKey: '${hostKey}'`} },
  },
  namespace: 'media',
  defaults: { puid: 1000, pgid: 1000 },
  apps: {${apps.map(describedApp).join('')}
  },
});
`;

const describedApp = ({ name, image, port, path, size, env }: SomebodysApp & { readonly size: string }) => `
    ${name}: ${name}({
      image: '${image}',
      labels: { app: 'my-${name}' },
      selector: { app: 'my-${name}' },
      ports: { web: ${port} },
      service: { ports: [{ name: 'web', port: 80 }] },
      probes: { startup: false, readiness: false, liveness: false },
      selfAntiAffinity: false,
      env: ${JSON.stringify({ ...CALM, ...env })},
      pod: { nodeName: 'node-b', enableServiceLinks: false, automountServiceAccountToken: undefined },
      config: [
        nfs({ name: '${name}-config', server: '192.0.2.200', path: '${path}', size: '10Gi' }),
        iscsi({ name: '${name}-config-2', targetPortal: '192.0.2.200:3260', iqn: '${iqnOf(name)}', lun: 1, size: '${size}' }),
      ],
    }),`;

/** Applies its manifests, and waits for nothing. */
export async function applySomebodysApp(lab: Lab, app: SomebodysApp): Promise<void> {
  await lab.kubectl(['apply', '--filename', '-'], manifests(app));
}

/** Deploys it, or applies it with another environment; its folder is already exported. */
export async function runSomebodysApp(lab: Lab, app: SomebodysApp): Promise<void> {
  const { name } = app;
  const rows = () => lab.acknowledgements().filter((one) => one.app === name).length;
  await applySomebodysApp(lab, app);
  await lab.kubectl(['--namespace', 'media', 'rollout', 'status', `deployment/${name}`, '--timeout=480s']);
  const before = rows();
  await until(`rows of ${name}`, 120, () => rows() > before + 5);
}

/**
 * The pods of all apps with their containers' restarts, as text that changes if a pod or container is started again.
 */
export function podsOfApps(lab: Lab): Promise<string> {
  const path = 'jsonpath={range .items[*]}{.metadata.uid} {.status.containerStatuses[*].restartCount}{"\\n"}{end}';
  return lab.kubectl(['--namespace', 'media', 'get', 'pods', '-o', path]);
}

/** The databases that have acknowledged rows. */
export function instancesOfApps(lab: Lab): string[] {
  return [...new Set(lab.acknowledgements().map(({ instance }) => instance))].sort();
}

/** The highest acknowledged row of an app; 0 if there is none. */
export function lastRowOf(lab: Lab, app: string): number {
  return Math.max(0, ...lab.acknowledgements().map((one) => (one.app === app ? one.row : 0)));
}
