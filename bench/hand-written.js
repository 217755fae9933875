// What a user would write without Lunward for the app of one-app.ts: the floor of a preview.
const kubernetes = require('@pulumi/kubernetes');

const provider = new kubernetes.Provider('sonarr', { context: 'home', clusterIdentifier: 'home' });
const labels = { 'app.kubernetes.io/name': 'sonarr' };
const probe = { httpGet: { path: '/ping', port: 'http' } };

const volume = new kubernetes.core.v1.PersistentVolume(
  'sonarr-config-volume',
  {
    metadata: { name: 'sonarr-config', labels },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '10Gi' },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: 'sonarr-config', namespace: 'media' },
      iscsi: { fsType: 'auto', iqn: 'iqn.2000-01.com.example:sonarr', lun: 1, targetPortal: '192.0.2.200:3260' },
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
    },
  },
  { provider, retainOnDelete: true },
);

const claim = new kubernetes.core.v1.PersistentVolumeClaim(
  'sonarr-config-claim',
  {
    metadata: { name: 'sonarr-config', namespace: 'media', labels },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '10Gi' } },
      storageClassName: '',
      volumeMode: 'Filesystem',
      volumeName: 'sonarr-config',
    },
  },
  { provider, retainOnDelete: true, dependsOn: volume },
);

const deployment = new kubernetes.apps.v1.Deployment(
  'sonarr',
  {
    metadata: { name: 'sonarr', namespace: 'media', labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      strategy: { type: 'Recreate' },
      template: {
        metadata: { labels },
        spec: {
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' },
              ],
            },
          },
          automountServiceAccountToken: false,
          containers: [
            {
              env: [
                { name: 'PUID', value: '1000' },
                { name: 'PGID', value: '1000' },
                { name: 'TZ', value: 'Etc/UTC' },
              ],
              image: 'lscr.io/linuxserver/sonarr:4.0.15',
              livenessProbe: { failureThreshold: 6, ...probe, periodSeconds: 30, timeoutSeconds: 10 },
              name: 'sonarr',
              ports: [{ containerPort: 8989, name: 'http', protocol: 'TCP' }],
              readinessProbe: { failureThreshold: 3, ...probe, periodSeconds: 10, timeoutSeconds: 5 },
              startupProbe: { failureThreshold: 120, ...probe, periodSeconds: 5, timeoutSeconds: 5 },
              volumeMounts: [{ mountPath: '/config', name: 'sonarr-config' }],
            },
          ],
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 30,
          volumes: [{ name: 'sonarr-config', persistentVolumeClaim: { claimName: 'sonarr-config' } }],
        },
      },
    },
  },
  { provider, dependsOn: claim },
);

const service = new kubernetes.core.v1.Service(
  'sonarr',
  {
    metadata: { name: 'sonarr', namespace: 'media', labels, annotations: { 'pulumi.com/skipAwait': 'true' } },
    spec: {
      ports: [{ name: 'http', port: 8989, protocol: 'TCP', targetPort: 'http' }],
      selector: labels,
      type: 'ClusterIP',
    },
  },
  { provider, dependsOn: deployment },
);

new kubernetes.networking.v1.Ingress(
  'sonarr',
  {
    metadata: { name: 'sonarr', namespace: 'media', labels, annotations: { 'pulumi.com/skipAwait': 'true' } },
    spec: {
      rules: [
        {
          host: 'sonarr.example.com',
          http: {
            paths: [
              { backend: { service: { name: 'sonarr', port: { name: 'http' } } }, path: '/', pathType: 'Prefix' },
            ],
          },
        },
      ],
    },
  },
  { provider, dependsOn: service },
);
