import type { AppFacts } from '../workload/facts';
import type { ConfigMount } from '../workload/mounts';
import type { MediaAppProps } from '../workload/props';

/** What a user says of a catalog app: a whole app needs an image and a config volume. */
export type CatalogAppProps = Omit<MediaAppProps, 'facts' | 'config'> & {
  /** The volume of the app's settings; as a list, its generations, oldest first. */
  readonly config: ConfigMount;
};

/** A catalog entry: called with props it is an app, and `facts` is what it knows. */
export interface CatalogApp {
  (props: CatalogAppProps): MediaAppProps;
  readonly facts: AppFacts;
}

/** Makes a catalog entry of an app's facts. What the user's props say wins over the facts. */
export function defineApp(facts: AppFacts): CatalogApp {
  const entry = (props: CatalogAppProps): MediaAppProps => ({ ...props, facts: frozen });
  const frozen = deepFreeze(facts);
  return Object.assign(entry, { facts: frozen });
}

/** The facts are shared by every app of a program: nobody may change them for all by changing them for one. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
