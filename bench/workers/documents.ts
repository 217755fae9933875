/** The number of apps that the bench `many` describes. */
export const count = 1000;

export const names = Array.from({ length: count }, (_, index) => `app-${String(index).padStart(4, '0')}`);

/** The documents of one app as plain objects, written by hand: the same that Lunward makes of it. */
export function documentsOf(name: string): object[] {
  const labels = { 'app.kubernetes.io/name': name };
  const claimName = `${name}-config`;
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { labels, name: claimName },
      spec: {
        accessModes: ['ReadWriteOnce'],
        capacity: { storage: '10Gi' },
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: claimName, namespace: 'media' },
        iscsi: { fsType: 'auto', iqn: `iqn.2000-01.com.example:${name}`, lun: 1, targetPortal: '192.0.2.200:3260' },
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: '',
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { labels, name: claimName, namespace: 'media' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '10Gi' } },
        storageClassName: '',
        volumeMode: 'Filesystem',
        volumeName: claimName,
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { labels: { ...labels }, name, namespace: 'media' },
      spec: {
        replicas: 1,
        selector: { matchLabels: { ...labels } },
        strategy: { type: 'Recreate' },
        template: { metadata: { labels: { ...labels } }, spec: podOf(name, claimName) },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { labels: { ...labels }, name, namespace: 'media' },
      spec: {
        ports: [{ name: 'http', port: 8989, protocol: 'TCP', targetPort: 'http' }],
        selector: { ...labels },
        type: 'ClusterIP',
      },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { labels: { ...labels }, name, namespace: 'media' },
      spec: {
        rules: [
          {
            host: `${name}.example.com`,
            http: {
              paths: [{ backend: { service: { name, port: { name: 'http' } } }, path: '/', pathType: 'Prefix' }],
            },
          },
        ],
      },
    },
  ];
}

function podOf(name: string, claimName: string): object {
  const httpGet = () => ({ path: '/ping', port: 'http' });
  return {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          {
            labelSelector: { matchLabels: { 'app.kubernetes.io/name': name } },
            topologyKey: 'kubernetes.io/hostname',
          },
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
        livenessProbe: { failureThreshold: 6, httpGet: httpGet(), periodSeconds: 30, timeoutSeconds: 10 },
        name,
        ports: [{ containerPort: 8989, name: 'http', protocol: 'TCP' }],
        readinessProbe: { failureThreshold: 3, httpGet: httpGet(), periodSeconds: 10, timeoutSeconds: 5 },
        startupProbe: { failureThreshold: 120, httpGet: httpGet(), periodSeconds: 5, timeoutSeconds: 5 },
        volumeMounts: [
          { mountPath: '/config', name: claimName },
          { mountPath: '/media', name: 'media' },
        ],
      },
    ],
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 30,
    volumes: [
      { name: claimName, persistentVolumeClaim: { claimName } },
      { name: 'media', nfs: { path: '/volume1/media', server: '192.0.2.200' } },
    ],
  };
}
