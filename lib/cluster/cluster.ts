import { at } from '../core/paths';
import { type Problem, throwProblems } from '../core/problems';
import { problemsOf } from '../core/schema';
import { appProblems } from '../workload/checks/check';
import type { AppContext } from '../workload/model';
import type { MediaAppProps } from '../workload/props';
import { crossAppProblems } from './check';
import type { ClusterDescription, NamespaceProps } from './description';
import { clusterDescription } from './schema';

const brand = Symbol.for('lunward.cluster');

/** A checked description. Only `defineCluster` makes one. */
export interface Cluster {
  readonly description: ClusterDescription;
  readonly namespace: NamespaceProps;
  readonly apps: Readonly<Record<string, MediaAppProps>>;
}

/**
 * Checks a description and makes a cluster from it: the default export of a description file.
 *
 * @throws DescriptionError with every problem that was found
 */
export function defineCluster(description: ClusterDescription): Cluster {
  throwProblems('The description of the cluster', problemsOfDescription(description));
  return Object.freeze({
    [brand]: true,
    description,
    namespace: namespaceOf(description),
    apps: description.apps,
  }) as Cluster;
}

/** Whether a value was returned by `defineCluster`, of this copy of the library or of another. */
export function isCluster(value: unknown): value is Cluster {
  return typeof value === 'object' && value !== null && brand in value;
}

/** Returns what an app gets from the description around it. */
export function appContext(description: ClusterDescription, name: string): AppContext {
  return { name, namespace: namespaceOf(description).name, defaults: description.defaults };
}

function problemsOfDescription(description: ClusterDescription): Problem[] {
  const structural = problemsOf(clusterDescription, description, '');
  const apps = Object.entries(isObject(description?.apps) ? description.apps : {}).filter(([, props]) =>
    isObject(props),
  );
  const own = apps.flatMap(([name, props]) => appProblems(props, appContext(description, name), at('apps', name)));
  // Only valid apps can be compared with each other: without a server, for example, the place of a volume is unknown.
  const whole = apps.filter(([name]) => !own.some(({ path }) => isBelow(path, at('apps', name))));
  return [
    ...structural,
    ...own,
    ...(structural.length > 0 ? [] : crossAppProblems(description, Object.fromEntries(whole))),
  ];
}

function namespaceOf({ namespace }: ClusterDescription): NamespaceProps {
  return typeof namespace === 'string' ? { name: namespace } : (namespace ?? { name: '' });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isBelow(path: string, base: string): boolean {
  return path === base || path.startsWith(`${base}.`) || path.startsWith(`${base}[`);
}
