/**
 * `npm run lab -- up|down|status|ssh|snapshot|restore|logs|lun|export|app|cut|mend|rows`: a NAS and two nodes that stay
 * up until you take them down.
 */
import { Command } from 'commander';
import { describeLab } from './describe';
import { lines } from './engine/progress';
import type { Lab } from './lab';
import { printLogs } from './logs';
import { DEFAULT_NAME, findLab, labFolder, openLab } from './open';
import { openShell } from './shell';
import { addVerbs } from './verbs/add';

const program = new Command('npm run lab --')
  .description('A rehearsal lab: an emulated NAS, two nodes and a real control plane, on loopback alone.')
  .option('--name <name>', 'labs of different names run side by side', DEFAULT_NAME)
  .showHelpAfterError()
  .enablePositionalOptions()
  .addHelpText(
    'after',
    '\nExamples:\n  npm run lab -- up\n  npm run lab -- app sonarr\n  npm run lab -- cut node-a\n  npm run lab -- ssh node-a\n  npm run lab -- logs nas',
  );

program.command('up').description('start it, or say that it runs').action(up);
program.command('down').description('end it and remove its state').action(down);
program.command('status').description('what runs, and how to reach it').action(status);
program
  .command('ssh')
  .argument('<machine>', 'nas, node-a or node-b')
  .argument('[command...]', 'to run there, instead of a shell')
  .passThroughOptions()
  .description('a shell on a machine, as root')
  .action(async (machine: string, command: string[]) => {
    // `ssh node-a -- ls -l` as with other tools: the command follows the dashes.
    const words = command[0] === '--' ? command.slice(1) : command;
    process.exitCode = await openShell(await running(), machine, words);
  });
program
  .command('snapshot')
  .argument('<snapshot>', 'a name of your choice')
  .description('keep machines and control plane as they are')
  .action(async (snapshot: string) => {
    const lab = await running();
    await timed(`Kept as "${snapshot}"`, () => lab.snapshot(snapshot));
  });
program
  .command('restore')
  .argument('<snapshot>', 'the name of a snapshot')
  .description('go back to a snapshot')
  .action(async (snapshot: string) => {
    const lab = await running();
    await timed(`Back at "${snapshot}", every node Ready,`, () => lab.restore(snapshot));
  });
program
  .command('logs')
  .argument('<part>', 'nas, node-a, node-b, supervisor, or a process of the control plane such as kube-apiserver')
  .description('the last lines of what a part of the lab said')
  .action(async (part: string) => printLogs(await running(), part));
addVerbs(program, running);

function labName(): string {
  return program.opts<{ name: string }>().name;
}

async function up(): Promise<void> {
  const name = labName();
  const found = await findLab(name);
  if (found) {
    console.log('The lab is up already.');
    console.log(await describeLab(found));
    found.detach();
    return;
  }
  const lab = await openLab({ name, progress: lines() });
  console.log(await describeLab(lab));
  lab.detach();
}

async function down(): Promise<void> {
  const name = labName();
  const lab = await findLab(name);
  if (!lab) {
    console.log(`No lab "${name}" is up.`);
    return;
  }
  await lab.stop();
  console.log(`The lab is down, and ${labFolder(name)} is removed.`);
}

async function status(): Promise<void> {
  const lab = await running();
  console.log(await describeLab(lab));
  lab.detach();
}

async function running(): Promise<Lab> {
  const name = labName();
  const lab = await findLab(name);
  if (!lab) throw new Error(`no lab "${name}" is up: start one with "npm run lab -- up"`);
  return lab;
}

async function timed(done: string, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  await work();
  console.log(`${done} after ${((performance.now() - start) / 1000).toFixed(1)} s.`);
}

program
  .parseAsync()
  .then(() => process.exit())
  .catch((error: Error) => {
    console.error(`error: ${error.message}`);
    process.exit(1);
  });
