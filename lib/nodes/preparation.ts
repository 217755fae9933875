import { type PreparedNode, prepareNode } from '../scripts/node/prepare-node';
import type { Script } from '../scripts/script';
import { declaredSystems, families, imageSystems, neededPrograms, type PackageManager, systems } from './systems';

/** How to prepare a node. */
export interface PreparationOptions {
  /** Who manages the packages on the node. The node is then only inspected. Default: Lunward does. */
  readonly managedBy?: string;
  /** See `NodeProps`. */
  readonly replacementTimeout?: number | 'infinity';
}

/** Returns the script that installs and starts everything that volumes need on a node. */
export function preparation(options: PreparationOptions = {}): Script<PreparedNode> {
  return prepareNode(preparationOf(options));
}

/** Returns the parameters of that script. */
export function preparationOf({
  managedBy,
  replacementTimeout,
}: PreparationOptions = {}): Parameters<typeof prepareNode>[0] {
  const packagesOf = (manager: PackageManager) => neededPrograms.map((program) => systems[manager].packages[program]);
  return {
    programs: neededPrograms,
    managers: families.flatMap(([ids, manager]) => ids.map((id) => [id, manager, systems[manager].install] as const)),
    packages: { apt: packagesOf('apt'), dnf: packagesOf('dnf'), zypper: packagesOf('zypper') },
    lines: { ...imageSystems, ...declaredSystems },
    managedBy,
    ...(replacementTimeout !== undefined && {
      // As open-iscsi writes it.
      replacementTimeout: replacementTimeout === 'infinity' ? -1 : replacementTimeout,
    }),
  };
}
