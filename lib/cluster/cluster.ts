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

/** A description that was checked. Only `defineCluster` makes one. */
export interface Cluster {
  readonly description: ClusterDescription;
  readonly namespace: NamespaceProps;
  readonly apps: Readonly<Record<string, MediaAppProps>>;
}

/**
 * Checks a description and makes a cluster of it: the default export of a description file.
 *
 * @throws DescriptionError with every problem that was found.
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

/** Whether a value is what `defineCluster` returned, from this copy of the library or another. */
export function isCluster(value: unknown): value is Cluster {
  return typeof value === 'object' && value !== null && brand in value;
}

/** What surrounds one app of a description. */
export function appContext(description: ClusterDescription, name: string): AppContext {
  return { name, namespace: namespaceOf(description).name, defaults: description.defaults };
}

function problemsOfDescription(description: ClusterDescription): Problem[] {
  const structural = problemsOf(clusterDescription, description, '');
  const apps = Object.entries(isObject(description?.apps) ? description.apps : {}).filter(([, props]) =>
    isObject(props),
  );
  const own = apps.flatMap(([name, props]) => appProblems(props, appContext(description, name), at('apps', name)));
  // Across apps only whole apps can be compared: an app without its volume's server says nothing of places.
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
