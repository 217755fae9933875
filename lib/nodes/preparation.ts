import { type PreparedNode, prepareNode } from '../scripts/node/prepare-node';
import type { Script } from '../scripts/script';
import { declaredSystems, families, imageSystems, neededPrograms, type PackageManager, systems } from './systems';

/** How a node is to be prepared. */
export interface PreparationOptions {
  /** Who manages packages on it, so that it is only looked at. Default: nobody but Lunward. */
  readonly managedBy?: string;
}

/** The script that gives a node everything that volumes need. */
export function preparation({ managedBy }: PreparationOptions = {}): Script<PreparedNode> {
  return prepareNode(preparationOf(managedBy));
}

/** What that script is told. */
export function preparationOf(managedBy?: string): Parameters<typeof prepareNode>[0] {
  const packagesOf = (manager: PackageManager) => neededPrograms.map((program) => systems[manager].packages[program]);
  return {
    programs: neededPrograms,
    managers: families.flatMap(([ids, manager]) => ids.map((id) => [id, manager, systems[manager].install] as const)),
    packages: { apt: packagesOf('apt'), dnf: packagesOf('dnf'), zypper: packagesOf('zypper') },
    lines: { ...imageSystems, ...declaredSystems },
    managedBy,
  };
}
