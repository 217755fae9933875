import type { Command } from 'commander';
import type { Lab } from '../lab';
import { deployApp } from './app';
import { describeRows } from './rows';
import { makeExport, makeLun } from './storage';

/**
 * Adds the verbs for trying things by hand: storage, an app, faults of the network, and what apps have committed.
 *
 * @param running the lab that they act on, which must be up
 */
export function addVerbs(program: Command, running: () => Promise<Lab>): void {
  program
    .command('lun')
    .argument('<iqn>', 'of the target, which is made with its first LUN')
    .argument('<number>', 'from 0 to 255')
    .argument('<size>', 'such as 1Gi')
    .option('--format <type>', 'make a file system on it, such as ext4: what is on it is lost')
    .description('make a LUN on the NAS')
    .action(async (iqn: string, number: string, size: string, options: { format?: string }) =>
      console.log(await makeLun(await running(), { iqn, number, size }, options)),
    );
  program
    .command('export')
    .argument('<path>', 'an absolute path, such as /volume2/kube-nfs/v/jellyfin-config')
    .option('--read-only', 'let clients only read')
    .option('--no-root-squash', 'let root of a client be root on the NAS')
    .description('make a folder on the NAS and export it by NFS')
    .action(async (path: string, options: { readOnly?: boolean; rootSquash?: boolean }) =>
      console.log(await makeExport(await running(), path, options)),
    );
  program
    .command('app')
    .argument('<name>', 'an app of stacks/cluster.ts')
    .option('--nfs <path>', 'keep its settings in this folder of the NAS, which is exported')
    .option('--lun <iqn,number>', 'keep its settings on this LUN, which has a file system')
    .description('deploy the stand-in of an app, and wait until it is Ready')
    .action(async (name: string, { nfs, lun }: { nfs?: string; lun?: string }) => {
      if (nfs && lun) throw new Error('--nfs and --lun: expected one place for the settings, got two');
      const place = nfs ? { nfs } : lun ? { lun } : undefined;
      console.log(await deployApp(await running(), name, place));
    });
  program
    .command('cut')
    .argument('<machine>', 'nas, node-a or node-b')
    .description('cut a machine off from the storage network')
    .action(async (machine: string) => {
      await (await running()).cutLink(machine);
      console.log(`${machine} is cut off from the storage network: mend it with "npm run lab -- mend ${machine}".`);
    });
  program
    .command('mend')
    .argument('<machine>', 'nas, node-a or node-b')
    .description('connect a machine to the storage network again')
    .action(async (machine: string) => {
      await (await running()).mendLink(machine);
      console.log(`${machine} is on the storage network.`);
    });
  program
    .command('rows')
    .argument('[app]', 'default: all')
    .description('rows that apps have committed, as they reported it outside of every volume')
    .action(async (app: string | undefined) => console.log(describeRows((await running()).acknowledgements(), app)));
}
