import type { V1Container, V1Probe } from '../../core/kubernetes';
import type { HealthCheck } from '../health';
import type { MediaAppModel } from '../model';

// After an update media apps migrate their databases at start, which takes minutes on a large library.
const startup = { periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 120 };
// A scan or a transcode slows responses down: restart only an app that has not responded for minutes.
const liveness = { periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 6 };
const readiness = { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 };

/**
 * Returns the container's three probes: the defaults, overridden by the user's settings. `false` leaves a probe out.
 */
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

/** Returns the health check to use: the user's, else the catalog's, else a connection to the first TCP port. */
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

/** Whether a probe has an action of its own. */
export function hasAction(probe: V1Probe | undefined | false): boolean {
  return !!probe && (!!probe.httpGet || !!probe.tcpSocket || !!probe.exec || !!probe.grpc);
}
