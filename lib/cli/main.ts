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

/** A command about what a description describes. */
function described(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('-f, --file <file>', 'the description', defaultDescription);
}

program
  .command('init')
  .description('write a first description and its project files into an empty folder')
  .argument('[folder]', 'the folder', '.')
  .action(async (folder: string) => {
    const { init } = await import('./init.js');
    init(folder);
  });

described('synth', 'write the manifests: a file an app, and one for what they share')
  .option('-o, --output <folder>', 'where to write', process.env.CDK8S_OUTDIR ?? 'dist')
  .action(async (options) => (await import('./synth.js')).synth(options.file, options.output));

described(
  'doctor',
  'look at nodes, volumes, pods, targets and sources: what is wrong, and what to do; nothing is changed',
)
  .option('--json', 'print JSON')
  .addHelpText('after', '\nEnds with 1 where something is in the way of a volume, with 0 otherwise.')
  .action(async (options) => {
    process.exitCode = await (await import('./doctor.js')).doctor(options);
  });

described('nodes', 'install on the nodes what volumes need and is missing there, and see that their initiators run')
  .option('--json', 'print JSON')
  .addHelpText('after', '\nEnds with 1 where a node could not be prepared, with 0 otherwise.')
  .action(async (options) => {
    process.exitCode = await (await import('./nodes.js')).nodes(options);
  });

described('discover', 'show the targets and LUNs of an iSCSI portal, as a node sees them; nothing is changed')
  .argument('<portal>', 'address of the NAS, with a port where it is not 3260')
  .option('-n, --node <node>', 'the node to look from (default: the first with ssh)')
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    '\nExamples:\n  lunward discover 192.0.2.200\n  lunward discover 192.0.2.200 --node node-b --json',
  )
  .action(async (portal, options) => (await import('./discover.js')).discover(portal, options));

described('plan', "show what would be done to apps' volumes, and what is in the way; nothing is changed")
  .argument('<app...>', 'apps of the description')
  .option('--json', 'print JSON')
  .addHelpText('after', '\nEnds with 1 where something is refused.')
  .action(async (apps, options) => {
    process.exitCode = await (await import('./plan.js')).plan(apps, options);
  });

described('format', "make the file system of an app's first volume, on a LUN that nothing was ever written to")
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of the plan, as "lunward plan" shows it (default: asks)')
  .addHelpText('after', '\nExample:\n  lunward plan jellyfin\n  lunward format jellyfin --approve 0123456789abcdef')
  .action(async (app, options) => (await import('./format.js')).format(app, options));

described('migrate', "move apps' state to the newest generation of their volumes; today up to a copy while they run")
  .argument('<app...>', 'apps of the description, one after the other')
  .option('--until <phase>', 'stop behind this phase: prepare')
  .option('--approve <digest...>', 'the digests of the plans, as "lunward plan" shows them (default: asks)')
  .addHelpText(
    'after',
    '\nExample:\n  lunward plan jellyfin\n  lunward migrate jellyfin --until prepare --approve 0123456789abcdef',
  )
  .action(async (apps, options) => (await import('./migrate.js')).migrate(apps, options));

described(
  'abort',
  "give up what was begun for an app's volumes: ends the copy; the app and what lies on the LUNs stay as they are",
)
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of the plan, as the command itself shows it (default: asks)')
  .addHelpText('after', '\nExample:\n  lunward abort jellyfin\n\nEnds with 0 where nothing is under way.')
  .action(async (app, options) => (await import('./abort.js')).abort(app, options));

described('wipe', 'zero the LUNs on which an attempt that was given up has left something; never one that is sealed')
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of the plan, as the command itself shows it (default: asks for it)')
  .addHelpText('after', '\nExample:\n  lunward abort jellyfin\n  lunward wipe jellyfin --approve 0123456789abcdef')
  .action(async (app, options) => (await import('./wipe.js')).wipe(app, options));

described(
  'seal',
  "adopt LUNs that hold an app's data already: mark them as whole, and change nothing else; the app is down",
)
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of the plan, as the command itself shows it (default: asks)')
  .addHelpText('after', '\nExample:\n  lunward seal jellyfin\n  lunward seal jellyfin --approve 0123456789abcdef')
  .action(async (app, options) => (await import('./seal.js')).seal(app, options));

described('status', 'show how far the volumes of apps are, and what runs for them; nothing is changed')
  .argument('<app...>', 'apps of the description')
  .option('--json', 'print JSON')
  .action(async (apps, options) => (await import('./status.js')).status(apps, options));

program.parseAsync().catch((error: unknown) => {
  console.error(describeFailure(error));
  process.exitCode = 1;
});
