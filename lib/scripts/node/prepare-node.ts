import { z } from 'zod';
import { renderScript, type Script } from '../script';

const facts = z.object({
  /** PRETTY_NAME of os-release(5). */
  system: z.string(),
  initiatorName: z.string(),
  /** Packages, without their dependencies. */
  installed: z.array(z.string()),
  /** What else was done, in words. */
  did: z.array(z.string()),
});

/** What a prepared node is, and what was done to it. */
export type PreparedNode = z.infer<typeof facts>;

/** What a node is prepared with. */
export interface Preparation {
  readonly programs: readonly string[];
  /** Package managers by a system's ID in os-release(5), with the command that a person writes in front of packages. */
  readonly managers: readonly (readonly [systemId: string, manager: 'apt' | 'dnf' | 'zypper', installer: string])[];
  /** The packages for each package manager, in the order of the programs. */
  readonly packages: Readonly<Record<'apt' | 'dnf' | 'zypper', readonly string[]>>;
  /** What to do where no package manager is run; packages follow the first two. */
  readonly lines: Readonly<Record<'ostree' | 'transactional' | 'nixos' | 'flatcar', string>>;
  /** The other tool that manages packages on the node; if it is set, the node is only inspected. Default: none. */
  readonly managedBy?: string;
  /** How long I/O waits for a target that is gone: seconds, or -1 for ever. Default: what is set stays. */
  readonly replacementTimeout?: number;
  /** Seconds to wait for another package manager. Default: 300. */
  readonly patience?: number;
  /** Prefix of every path that the script reads and writes. Default: none. */
  readonly root?: string;
}

/** Installs what is missing on a node, and makes sure that its initiator runs under a name of its own. */
export function prepareNode({ programs, managers, packages, lines, ...rest }: Preparation): Script<PreparedNode> {
  const { managedBy = '', patience = 300, root = '', replacementTimeout = '' } = rest;
  const systemIds = managers.map(([id]) => id);
  const systemManagers = managers.map(([, manager]) => manager);
  const systemInstallers = managers.map(([, , installer]) => installer);
  return renderScript(
    'node/prepare-node',
    {
      ...{ root, managedBy, patience, replacementTimeout, programs, systemIds, systemManagers, systemInstallers },
      ...packages,
      ...lines,
    },
    facts,
  );
}
