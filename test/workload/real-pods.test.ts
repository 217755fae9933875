import { describe } from 'vitest';
import { lun } from '../helpers';
import { canSay, containerOf, pod, podOf, ports, type Row } from './real-manifests';

const security = { runAsUser: 568, runAsGroup: 568, fsGroup: 568, supplementalGroups: [44] };
const identity: readonly Row[] = [
  [
    'PUID, PGID, UMASK and TZ',
    { puid: 1, pgid: 2, umask: '002', timezone: 'Etc/UTC' },
    'Deployment',
    containerOf({
      env: [
        { name: 'PUID', value: '1' },
        { name: 'PGID', value: '2' },
        { name: 'UMASK', value: '002' },
        { name: 'TZ', value: 'Etc/UTC' },
      ],
    }),
  ],
  [
    'a numeric security context',
    security,
    'Deployment',
    podOf({ securityContext: { ...security, fsGroupChangePolicy: 'OnRootMismatch' } }),
  ],
  ['fsGroup alone', { fsGroup: 1000 }, 'Deployment', podOf({ securityContext: { fsGroup: 1000 } })],
];

const action = { httpGet: { path: '/ping', port: 'http' } };
const vpn = {
  name: 'vpn',
  image: 'registry.example.com/vpn:1',
  securityContext: { capabilities: { add: ['NET_ADMIN'] } },
  envFrom: [{ secretRef: { name: 'vpn' } }],
};
const exporter = {
  name: 'exporter',
  image: 'registry.example.com/exporter:1',
  ports: [{ name: 'metrics', containerPort: 9707 }],
};
const affinity = { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } };
const spread = [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }];
const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };

const pods: readonly Row[] = [
  ['strategy', { config: lun('a'), strategy }, 'Deployment', { spec: { strategy } }],
  [
    'terminationGracePeriodSeconds',
    pod({ terminationGracePeriodSeconds: 300 }),
    'Deployment',
    podOf({ terminationGracePeriodSeconds: 300 }),
  ],
  ['revisionHistoryLimit', { revisionHistoryLimit: 3 }, 'Deployment', { spec: { revisionHistoryLimit: 3 } }],
  [
    'progressDeadlineSeconds',
    { progressDeadlineSeconds: 900 },
    'Deployment',
    { spec: { progressDeadlineSeconds: 900 } },
  ],
  [
    'sidecars',
    pod({ containers: [vpn, exporter] }),
    'Deployment',
    podOf({ containers: [{ name: 'app' }, vpn, exporter] }),
  ],
  [
    'init containers',
    pod({ initContainers: [{ ...vpn, restartPolicy: 'Always' }] }),
    'Deployment',
    podOf({ initContainers: [{ restartPolicy: 'Always' }] }),
  ],
  [
    'capabilities',
    { container: { securityContext: { capabilities: { drop: ['ALL'] } } } },
    'Deployment',
    containerOf({ securityContext: { capabilities: { drop: ['ALL'] } } }),
  ],
  [
    'an HTTP probe on a named port',
    { ports, health: { path: '/ping' } },
    'Deployment',
    containerOf({ livenessProbe: action }),
  ],
  [
    'a TCP probe',
    { ports, health: { tcpPort: 'torrent' } },
    'Deployment',
    containerOf({ readinessProbe: { tcpSocket: { port: 'torrent' } } }),
  ],
  [
    'an exec probe',
    { probes: { liveness: { exec: { command: ['true'] } } } },
    'Deployment',
    containerOf({ livenessProbe: { exec: { command: ['true'] } } }),
  ],
  [
    'a startup probe of half an hour',
    { ports, probes: { startup: { periodSeconds: 10, failureThreshold: 180 } } },
    'Deployment',
    containerOf({ startupProbe: { periodSeconds: 10, failureThreshold: 180 } }),
  ],
  [
    'TCP and UDP under one name',
    { ports },
    'Deployment',
    containerOf({
      ports: [{ name: 'http' }, { containerPort: 6881, protocol: 'TCP' }, { containerPort: 6881, protocol: 'UDP' }],
    }),
  ],
  [
    'a GPU by resource',
    { gpu: { resource: 'nvidia.com/gpu', runtimeClassName: 'nvidia' } },
    'Deployment',
    podOf({ runtimeClassName: 'nvidia', containers: [{ resources: { limits: { 'nvidia.com/gpu': '1' } } }] }),
  ],
  [
    'a GPU by device',
    { gpu: { device: '/dev/dri' } },
    'Deployment',
    containerOf({ securityContext: { privileged: true } }),
  ],
  [
    'tolerations',
    pod({ tolerations: [{ key: 'a', operator: 'Exists' }] }),
    'Deployment',
    podOf({ tolerations: [{ key: 'a', operator: 'Exists' }] }),
  ],
  ['affinity', pod({ affinity }), 'Deployment', podOf({ affinity })],
  ['nodeSelector', pod({ nodeSelector: { gpu: 'yes' } }), 'Deployment', podOf({ nodeSelector: { gpu: 'yes' } })],
  ['topology', pod({ topologySpreadConstraints: spread }), 'Deployment', podOf({ topologySpreadConstraints: spread })],
  [
    'dnsConfig',
    pod({ dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.53'] } }),
    'Deployment',
    podOf({ dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.53'] } }),
  ],
  ['stdin and tty', { container: { stdin: true, tty: true } }, 'Deployment', containerOf({ stdin: true, tty: true })],
  ['hostNetwork', pod({ hostNetwork: true }), 'Deployment', podOf({ hostNetwork: true })],
  [
    'command and arguments',
    { container: { command: ['a'], args: ['b'] } },
    'Deployment',
    containerOf({ command: ['a'], args: ['b'] }),
  ],
  [
    'requests and limits',
    { resources: { requests: { cpu: '1' }, limits: { memory: '1Gi' } } },
    'Deployment',
    containerOf({ resources: { requests: { cpu: '1' }, limits: { memory: '1Gi' } } }),
  ],
  [
    'annotations of the Deployment',
    { annotations: { 'example.com/watch': 'true' } },
    'Deployment',
    { metadata: { annotations: { 'example.com/watch': 'true' } } },
  ],
  [
    'annotations of the pods',
    { podAnnotations: { 'example.com/parser': 'json' } },
    'Deployment',
    { spec: { template: { metadata: { annotations: { 'example.com/parser': 'json' } } } } },
  ],
  [
    'names, labels and selector of an app that runs',
    { name: 'old', labels: { app: 'old' }, selector: { app: 'old' }, containerName: 'main' },
    'Deployment',
    {
      metadata: { name: 'old', labels: { app: 'old' } },
      spec: { selector: { matchLabels: { app: 'old' } }, template: { spec: { containers: [{ name: 'main' }] } } },
    },
  ],
];

const balancer = { type: 'LoadBalancer', loadBalancerIP: '192.0.2.10' } as const;
const network: readonly Row[] = [
  ['ClusterIP', { ports }, 'Service', { spec: { type: 'ClusterIP' } }],
  [
    'several Services',
    { ports, service: [{ ports: ['http'] }, { name: 'peers', ...balancer }] },
    'Service',
    { metadata: { name: 'app' } },
  ],
  ['a fixed address by loadBalancerIP', { ports, service: balancer }, 'Service', { spec: balancer }],
  [
    'a fixed address by annotation',
    { ports, service: { type: 'LoadBalancer', annotations: { 'example.com/ip': '192.0.2.10' } } },
    'Service',
    { metadata: { annotations: { 'example.com/ip': '192.0.2.10' } } },
  ],
  [
    'externalTrafficPolicy',
    { ports, service: { ...balancer, externalTrafficPolicy: 'Local' } },
    'Service',
    { spec: { externalTrafficPolicy: 'Local' } },
  ],
  [
    'session affinity',
    { ports, service: { sessionAffinity: 'ClientIP' } },
    'Service',
    { spec: { sessionAffinity: 'ClientIP' } },
  ],
  [
    'an Ingress with class, TLS, issuer and proxy annotations',
    {
      ports,
      ingress: {
        hosts: ['a.example.com'],
        ingressClassName: 'nginx',
        tlsSecretName: 'a-tls',
        annotations: { 'cert-manager.io/cluster-issuer': 'x', 'nginx.ingress.kubernetes.io/proxy-body-size': '0' },
      },
    },
    'Ingress',
    {
      metadata: {
        annotations: { 'cert-manager.io/cluster-issuer': 'x', 'nginx.ingress.kubernetes.io/proxy-body-size': '0' },
      },
      spec: { ingressClassName: 'nginx', tls: [{ hosts: ['a.example.com'], secretName: 'a-tls' }] },
    },
  ],
  [
    'an HTTPRoute',
    { ports, httpRoute: { parentRefs: [{ name: 'gateway' }], hostnames: ['a.example.com'] } },
    'HTTPRoute',
    { spec: { parentRefs: [{ name: 'gateway' }], hostnames: ['a.example.com'] } },
  ],
];

const companions: readonly Row[] = [
  [
    'envFrom',
    { container: { envFrom: [{ secretRef: { name: 'a' } }, { configMapRef: { name: 'b' } }] } },
    'Deployment',
    containerOf({ envFrom: [{ secretRef: { name: 'a' } }, { configMapRef: { name: 'b' } }] }),
  ],
  [
    'secretKeyRef',
    { env: { API_KEY: { secretKeyRef: { name: 'a', key: 'b' } } } },
    'Deployment',
    containerOf({ env: [{ name: 'API_KEY', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } }] }),
  ],
  ['a worker without a port', { ports: {} }, 'Deployment', containerOf({ name: 'app' })],
];

describe.each([
  ['identity', identity],
  ['pod', pods],
  ['network', network],
  ['companions', companions],
])('%s of real manifests', (_, rows) => canSay(rows));
