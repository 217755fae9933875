import type { AppFacts } from '../workload/facts';
import type { ConfigMount } from '../workload/mounts';
import type { MediaAppProps } from '../workload/props';

/** Props of a catalog app. It needs an image, like every app, and also a config volume. */
export type CatalogAppProps = Omit<MediaAppProps, 'facts' | 'config'> & {
  /** The volume with the app's settings. A list contains its generations, oldest first. */
  readonly config: ConfigMount;
};

/** A catalog entry. Call it with props to get an app; `facts` is what the catalog knows about the app. */
export interface CatalogApp {
  (props: CatalogAppProps): MediaAppProps;
  readonly facts: AppFacts;
}

/** Makes a catalog entry from an app's facts. The user's props override the facts. */
export function defineApp(facts: AppFacts): CatalogApp {
  const entry = (props: CatalogAppProps): MediaAppProps => ({ ...props, facts: frozen });
  const frozen = deepFreeze(facts);
  return Object.assign(entry, { facts: frozen });
}

/** All apps of a program share the facts, so changing them for one app would change them for all. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
