import type { Cluster } from '../../lib/cluster';
import { appContext } from '../../lib/cluster/cluster';
import type { V1Container, V1Probe } from '../../lib/core/kubernetes';
import type { MediaAppProps } from '../../lib/workload';
import { podSpec } from '../../lib/workload/manifests/pod';
import { healthOf } from '../../lib/workload/manifests/probes';
import { type MediaAppModel, resolveApp } from '../../lib/workload/model';
import type { ArchiveImage } from './archive';
import { type Layers, PATH } from './layers';
import { type Behavior, behaviorOf, healthPaths, standIn, tcpPorts } from './stand-in';

/** How one app uses an image. */
interface Use {
  readonly app: string;
  readonly reference: string;
  readonly behavior: Behavior;
}

/**
 * The images of everything that a description runs, each under the reference that the description gives, so that it can
 * be rehearsed as it stands:
 *
 * - an app's image does what the description and the catalog say of the app;
 * - a sidecar's listens on its ports, answers what its probes ask, and keeps no data;
 * - an init container's ends at once, with success.
 *
 * All hold a shell: a `command` that a container is given runs for real, as far as busybox goes. Of an image that is
 * used in several of these ways, the first of the list counts. Probes by HTTPS find nobody.
 *
 * @throws Error when two apps have one image and keep their data in different places.
 */
export function appImagesOf(cluster: Cluster, layers: Layers): ArchiveImage[] {
  const apps: Use[] = [];
  const sidecars: Use[] = [];
  const inits = new Set<string>();
  for (const [key, props] of Object.entries(cluster.apps)) {
    const app = resolveApp(props, appContext(cluster.description, key));
    const { containers = [], initContainers = [] } = podSpec(app);
    apps.push({ app: key, reference: props.image, behavior: describedBehavior(app) });
    // The app's own is the first, and an init container that is always restarted is a sidecar.
    const waiting = [...containers.slice(1), ...initContainers.filter((container) => container.restartPolicy)];
    for (const container of waiting) {
      if (container.image) sidecars.push(sidecarUse(key, container.image, container));
    }
    for (const { image, restartPolicy } of initContainers) if (image && !restartPolicy) inits.add(image);
  }
  const images = new Map<string, ArchiveImage>();
  for (const reference of inits) {
    images.set(reference, { reference, layers: [layers.busybox], entrypoint: ['/bin/true'], env: { PATH } });
  }
  for (const uses of [sidecars, apps]) {
    for (const [reference, use] of merge(uses)) images.set(reference, standIn(reference, use.behavior, layers));
  }
  return [...images.values()].sort((left, right) => (left.reference < right.reference ? -1 : 1));
}

function describedBehavior(app: MediaAppModel): Behavior {
  const { facts, image } = app.props;
  return {
    ...(facts ? behaviorOf(facts) : { name: repositoryName(image) }),
    ports: tcpPorts(app.ports),
    healthPaths: [...new Set([...healthPaths(healthOf(app)), ...probePaths(app.props.probes ?? {})])],
    configPath: app.configPath,
    databases: app.databases,
  };
}

function sidecarUse(app: string, reference: string, container: V1Container): Use {
  const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
  // A probe may name a port by number that the container does not list.
  const probed = probes
    .map((probe) => probe?.httpGet?.port ?? probe?.tcpSocket?.port)
    .filter((port): port is number => typeof port === 'number')
    .map((containerPort) => ({ containerPort }));
  const behavior: Behavior = {
    name: repositoryName(reference),
    ports: tcpPorts([...(container.ports ?? []), ...probed]),
    healthPaths: [...new Set(probes.flatMap((probe) => probe?.httpGet?.path ?? []))],
    configPath: '/config',
    databases: [],
  };
  return { app, reference, behavior };
}

function probePaths({ startup, readiness, liveness }: NonNullable<MediaAppProps['probes']>): string[] {
  const said = [startup, readiness, liveness].filter((probe): probe is V1Probe => !!probe);
  return said.flatMap((probe) => probe.httpGet?.path ?? []);
}

/** One image has one environment: it listens and answers for all of its uses, but can keep data in one place alone. */
function merge(uses: readonly Use[]): Map<string, Use> {
  const merged = new Map<string, Use>();
  for (const use of uses) {
    const first = merged.get(use.reference);
    if (!first) {
      merged.set(use.reference, use);
      continue;
    }
    if (placeOf(first) !== placeOf(use)) {
      throw new Error(
        `image ${use.reference}: apps "${first.app}" and "${use.app}" keep their data in different places ` +
          `(${placeOf(first)} and ${placeOf(use)}), and a stand-in knows one for each image; give one of them another tag`,
      );
    }
    merged.set(use.reference, {
      ...first,
      behavior: {
        ...first.behavior,
        ports: [...new Set([...first.behavior.ports, ...use.behavior.ports])],
        healthPaths: [...new Set([...first.behavior.healthPaths, ...use.behavior.healthPaths])],
      },
    });
  }
  return merged;
}

function placeOf({ behavior }: Use): string {
  return `${behavior.configPath}: ${behavior.databases.map((database) => database.path).join(', ') || 'no database'}`;
}

/** `sonarr` of `registry.example.com/media/sonarr:4.0@sha256:…`. */
function repositoryName(reference: string): string {
  return (reference.split('/').at(-1) ?? '').replace(/[:@].*/, '');
}
