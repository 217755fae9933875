#!/usr/bin/env node
import { Command } from 'commander';
import { defaultDescription } from '../load/load-cluster';
import { withoutColours } from './colour';
import { describeFailure } from './failure';

const { version } = require('../../package.json') as { version: string };

const program = new Command('lunward')
  .description('Media apps and their storage on Kubernetes, described in TypeScript.')
  .version(version)
  .option('--no-color', 'print without colours, as NO_COLOR in the environment does')
  .on('option:no-color', withoutColours)
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(add --help for what there is)')
  .showSuggestionAfterError();

program
  .command('init')
  .description('write a first description and its project files into an empty folder')
  .argument('[folder]', 'the folder', '.')
  .action(async (folder: string) => {
    const { init } = await import('./init.js');
    init(folder);
  });

program
  .command('synth')
  .description('write the manifests: a file an app, and one for what they share')
  .option('-f, --file <file>', 'the description', defaultDescription)
  .option('-o, --output <folder>', 'where to write', process.env.CDK8S_OUTDIR ?? 'dist')
  .action(async (options: { file: string; output: string }) => {
    const { synth } = await import('./synth.js');
    await synth(options.file, options.output);
  });

program
  .command('doctor')
  .description('look at nodes, volumes, pods, targets and sources: what is wrong, and what to do; nothing is changed')
  .option('-f, --file <file>', 'the description', defaultDescription)
  .option('--json', 'print JSON')
  .addHelpText('after', '\nEnds with 1 where something is in the way of a volume, with 0 otherwise.')
  .action(async (options: { file: string; json?: boolean }) => {
    const { doctor } = await import('./doctor.js');
    process.exitCode = await doctor(options);
  });

program
  .command('nodes')
  .description('install on the nodes what volumes need and is missing there, and see that their initiators run')
  .option('-f, --file <file>', 'the description', defaultDescription)
  .option('--json', 'print JSON')
  .addHelpText('after', '\nEnds with 1 where a node could not be prepared, with 0 otherwise.')
  .action(async (options: { file: string; json?: boolean }) => {
    const { nodes } = await import('./nodes.js');
    process.exitCode = await nodes(options);
  });

program
  .command('discover')
  .description('show the targets and LUNs of an iSCSI portal, as a node sees them; nothing is changed')
  .argument('<portal>', 'address of the NAS, with a port where it is not 3260')
  .option('-f, --file <file>', 'the description', defaultDescription)
  .option('-n, --node <node>', 'the node to look from (default: the first with ssh)')
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    '\nExamples:\n  lunward discover 192.0.2.200\n  lunward discover 192.0.2.200 --node node-b --json',
  )
  .action(async (portal: string, options: { file: string; node?: string; json?: boolean }) => {
    const { discover } = await import('./discover.js');
    await discover(portal, options);
  });

program
  .command('plan')
  .description("show what would be done to apps' volumes, and what is in the way; nothing is changed")
  .argument('<app...>', 'apps of the description')
  .option('-f, --file <file>', 'the description', defaultDescription)
  .option('--json', 'print JSON')
  .addHelpText('after', '\nEnds with 1 where something is refused.')
  .action(async (apps: string[], options: { file: string; json?: boolean }) => {
    const { plan } = await import('./plan.js');
    process.exitCode = await plan(apps, options);
  });

program
  .command('format')
  .description("make the file system of an app's first volume, on a LUN that nothing was ever written to")
  .argument('<app>', 'an app of the description')
  .option('-f, --file <file>', 'the description', defaultDescription)
  .option('--approve <digest...>', 'the digest of the plan, as "lunward plan" shows it (default: asks)')
  .addHelpText('after', '\nExample:\n  lunward plan jellyfin\n  lunward format jellyfin --approve 0123456789abcdef')
  .action(async (app: string, options: { file: string; approve?: string[] }) => {
    const { format } = await import('./format.js');
    await format(app, options);
  });

program
  .command('migrate')
  .description("move apps' state to the newest generation of their volumes; today up to a copy while they run")
  .argument('<app...>', 'apps of the description, one after the other')
  .option('-f, --file <file>', 'the description', defaultDescription)
  .option('--until <phase>', 'stop behind this phase: prepare')
  .option('--approve <digest...>', 'the digests of the plans, as "lunward plan" shows them (default: asks)')
  .addHelpText(
    'after',
    '\nExample:\n  lunward plan jellyfin\n  lunward migrate jellyfin --until prepare --approve 0123456789abcdef',
  )
  .action(async (apps: string[], options: { file: string; approve?: string[]; until?: string }) => {
    const { migrate } = await import('./migrate.js');
    await migrate(apps, options);
  });

program
  .command('abort')
  .description(
    "give up what was begun for an app's volumes: ends the copy; the app and what lies on the LUNs stay as they are",
  )
  .argument('<app>', 'an app of the description')
  .option('-f, --file <file>', 'the description', defaultDescription)
  .option('--approve <digest...>', 'the digest of the plan, as the command itself shows it (default: asks)')
  .addHelpText('after', '\nExample:\n  lunward abort jellyfin\n\nEnds with 0 where nothing is under way.')
  .action(async (app: string, options: { file: string; approve?: string[] }) => {
    const { abort } = await import('./abort.js');
    await abort(app, options);
  });

program
  .command('wipe')
  .description('zero the LUNs on which an attempt that was given up has left something; never one that is sealed')
  .argument('<app>', 'an app of the description')
  .option('-f, --file <file>', 'the description', defaultDescription)
  .option('--approve <digest...>', 'the digest of the plan, as the command itself shows it (default: asks for it)')
  .addHelpText('after', '\nExample:\n  lunward abort jellyfin\n  lunward wipe jellyfin --approve 0123456789abcdef')
  .action(async (app: string, options: { file: string; approve?: string[] }) => {
    const { wipe } = await import('./wipe.js');
    await wipe(app, options);
  });

program
  .command('seal')
  .description(
    "adopt LUNs that hold an app's data already: mark them as whole, and change nothing else; the app is down",
  )
  .argument('<app>', 'an app of the description')
  .option('-f, --file <file>', 'the description', defaultDescription)
  .option('--approve <digest...>', 'the digest of the plan, as the command itself shows it (default: asks)')
  .addHelpText('after', '\nExample:\n  lunward seal jellyfin\n  lunward seal jellyfin --approve 0123456789abcdef')
  .action(async (app: string, options: { file: string; approve?: string[] }) => {
    const { seal } = await import('./seal.js');
    await seal(app, options);
  });

program
  .command('status')
  .description('show how far the volumes of apps are, and what runs for them; nothing is changed')
  .argument('<app...>', 'apps of the description')
  .option('-f, --file <file>', 'the description', defaultDescription)
  .option('--json', 'print JSON')
  .action(async (apps: string[], options: { file: string; json?: boolean }) => {
    const { status } = await import('./status.js');
    await status(apps, options);
  });

program.parseAsync().catch((error: unknown) => {
  console.error(describeFailure(error));
  process.exitCode = 1;
});
