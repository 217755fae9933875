import type { V1Container, V1Probe } from '../../core/kubernetes';
import type { HealthCheck } from '../health';
import type { MediaAppModel } from '../model';

// Media apps migrate their databases when they start after an update, which takes minutes on a large library.
const startup = { periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 120 };
// A scan or a transcode slows answers down: restart only what has not answered for minutes.
const liveness = { periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 6 };
const readiness = { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 };

/** The container's three probes: the defaults, what the user says over them, and none where `false` is said. */
export function containerProbes(
  app: MediaAppModel,
): Pick<V1Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const action = probeAction(app);
  const { probes = {} } = app.props;
  const merged = (own: V1Probe | false | undefined, defaults: V1Probe): V1Probe | undefined => {
    if (own === false || (!own && !action)) {
      return undefined;
    }
    return hasAction(own) ? { ...defaults, ...own } : action ? { ...action, ...defaults, ...own } : undefined;
  };
  return {
    startupProbe: merged(probes.startup, startup),
    readinessProbe: merged(probes.readiness, readiness),
    livenessProbe: merged(probes.liveness, liveness),
  };
}

/** The health check that holds: the user's, the catalog's, or the first TCP port. */
export function healthOf(app: MediaAppModel): HealthCheck | undefined {
  const first = app.ports.find((port) => port.protocol === 'TCP');
  return app.props.health ?? (first && app.props.facts?.health) ?? (first && { tcpPort: first.group });
}

function probeAction(app: MediaAppModel): V1Probe | undefined {
  const health = healthOf(app);
  if (!health) {
    return undefined;
  }
  if ('command' in health) {
    return { exec: { command: [...health.command] } };
  }
  const portNamed = (group?: string) =>
    app.ports.find((port) => port.protocol === 'TCP' && (group === undefined || port.group === group))?.name ?? '';
  if ('tcpPort' in health) {
    return { tcpSocket: { port: portNamed(health.tcpPort) } };
  }
  const { path, port, scheme } = health;
  return { httpGet: { path, port: portNamed(port), ...(scheme && { scheme }) } };
}

/** Whether a probe says what it asks. */
export function hasAction(probe: V1Probe | undefined | false): boolean {
  return !!probe && (!!probe.httpGet || !!probe.tcpSocket || !!probe.exec || !!probe.grpc);
}
