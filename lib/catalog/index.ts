import type { CatalogApp } from './define-app';
import * as entries from './entries';

export * from './define-app';
export * from './entries';

/** Every app of the catalog by name, sorted. */
export const catalog: Readonly<Record<string, CatalogApp>> = Object.freeze(
  Object.fromEntries(
    Object.values(entries)
      .map((app) => [app.facts.name, app] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ),
);
