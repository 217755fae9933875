#!/usr/bin/env node
import { Command } from 'commander';
import { defaultDescription } from '../cluster/load-cluster';
import { exitCodeOf, exitCodes, exitCodesHelp } from './exit-codes';
import { surviveOwnClosedOutput } from './terminal/closed-output';
import { withoutColours } from './terminal/colour';
import { describeFailure } from './terminal/failure';

const { version } = require('../../package.json') as { version: string };

const program = new Command('lunward')
  .description('Media apps and their storage on Kubernetes, described in TypeScript.')
  .version(version)
  .option('--no-color', 'print without colours, as NO_COLOR in the environment does')
  .on('option:no-color', withoutColours)
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(add --help for what there is)')
  .showSuggestionAfterError()
  .addHelpText('afterAll', exitCodesHelp())
  // Subcommands inherit this, so it comes before them.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exitCodes.usage.code));

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
    const { init } = await import('./commands/init.js');
    init(folder);
  });

described('synth', 'write the manifests: a file an app, and one for what they share')
  .option('-o, --output <folder>', 'where to write', process.env.CDK8S_OUTDIR ?? 'dist')
  .action(async (options) => (await import('./commands/synth.js')).synth(options.file, options.output));

described(
  'doctor',
  'look at nodes, volumes, pods, targets and sources: what is wrong, and what to do; nothing is changed',
)
  .option('--json', 'print JSON')
  .addHelpText('after', '\nEnds with 1 where something is in the way of a volume, with 0 otherwise.')
  .action(async (options) => {
    process.exitCode = await (await import('./commands/doctor.js')).doctor(options);
  });

described('nodes', 'install on the nodes what volumes need and is missing there, and see that their initiators run')
  .option('--json', 'print JSON')
  .addHelpText('after', '\nEnds with 1 where a node could not be prepared, with 0 otherwise.')
  .action(async (options) => {
    process.exitCode = await (await import('./commands/nodes.js')).nodes(options);
  });

described('discover', 'show the targets and LUNs of an iSCSI portal, as a node sees them; nothing is changed')
  .argument('<portal>', 'address of the NAS, with a port where it is not 3260')
  .option('-n, --node <node>', 'the node to look from (default: the first with ssh)')
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    '\nExamples:\n  lunward discover 192.0.2.200\n  lunward discover 192.0.2.200 --node node-b --json',
  )
  .action(async (portal, options) => (await import('./commands/discover.js')).discover(portal, options));

described('plan', "show what would be done to apps' volumes, and what is in the way; nothing is changed")
  .argument('[app...]', 'apps of the description (default: all)')
  .option('--json', 'print JSON')
  .addHelpText('after', '\nOf several apps, the highest exit code counts.')
  .action(async (apps, options) => {
    process.exitCode = await (await import('./commands/plan.js')).plan(apps, options);
  });

described('format', "make the file system of an app's first volume, on a LUN that nothing was ever written to")
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of the plan, as "lunward plan" shows it (default: asks)')
  .addHelpText('after', '\nExample:\n  lunward plan jellyfin\n  lunward format jellyfin --approve 0123456789abcdef')
  .action(async (app, options) => (await import('./commands/format.js')).format(app, options));

described(
  'migrate',
  "move apps' state to the newest generation of their volumes: copy while they run, stop, verify, switch, start",
)
  .argument('<app...>', 'apps of the description, one after the other; it ends at the first that fails')
  .option(
    '--until <phase>',
    'end behind this phase: prepare (the app runs on) or stop (it is down, its new volume sealed)',
  )
  .option(
    '--on-unhealthy <reaction>',
    'where an app is not well on its new volume, while this run may decide that: rollback or stop',
    'rollback',
  )
  .option('--approve <digest...>', 'the digests of the plans, as "lunward plan" shows them (default: asks)')
  .addHelpText(
    'after',
    '\nExample:\n  lunward plan jellyfin\n  lunward migrate jellyfin --until prepare --approve 0123456789abcdef\n  lunward migrate jellyfin --approve 0123456789abcdef' +
      '\n\nCut off, it is run again and goes on where it was; "lunward rollback" takes the app back instead.',
  )
  .action(async (apps, options) => (await import('./commands/migrate.js')).migrate(apps, options));

described(
  'rollback',
  'take an app back to the volumes that were live before; what it wrote since stays on the new ones',
)
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of what the command itself shows (default: asks)')
  .option('--files', 'name every file that was written since the volume was sealed, not only the first')
  .addHelpText(
    'after',
    '\nExample:\n  lunward rollback jellyfin\n  lunward rollback jellyfin --approve 0123456789abcdef',
  )
  .action(async (app, options) => (await import('./commands/rollback.js')).rollback(app, options));

described(
  'retire',
  "have the generations of an app's volumes leave the cluster that are not live any more; their data stays on the NAS",
)
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of what the command itself shows (default: asks)')
  .addHelpText(
    'after',
    '\nExample:\n  lunward retire jellyfin\n  lunward retire jellyfin --approve 0123456789abcdef' +
      '\n\n"lunward rollback" does not lead to them any more then.',
  )
  .action(async (app, options) => (await import('./commands/retire.js')).retire(app, options));

described(
  'abort',
  "give up what was begun for an app's volumes: ends the copy; the app and what lies on the LUNs stay as they are",
)
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of the plan, as the command itself shows it (default: asks)')
  .addHelpText('after', '\nExample:\n  lunward abort jellyfin\n\nEnds with 0 where nothing is under way.')
  .action(async (app, options) => (await import('./commands/abort.js')).abort(app, options));

described('wipe', 'zero the LUNs on which an attempt that was given up has left something; never one that is sealed')
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of the plan, as the command itself shows it (default: asks for it)')
  .addHelpText('after', '\nExample:\n  lunward abort jellyfin\n  lunward wipe jellyfin --approve 0123456789abcdef')
  .action(async (app, options) => (await import('./commands/wipe.js')).wipe(app, options));

described(
  'seal',
  "adopt LUNs that hold an app's data already: mark them as whole, and change nothing else; the app is down",
)
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of the plan, as the command itself shows it (default: asks)')
  .addHelpText('after', '\nExample:\n  lunward seal jellyfin\n  lunward seal jellyfin --approve 0123456789abcdef')
  .action(async (app, options) => (await import('./commands/seal.js')).seal(app, options));

described('status', 'show what is live for apps, how far their volumes are, and what runs for them')
  .argument('[app...]', 'apps of the description (default: all)')
  .option('--json', 'print JSON')
  .option('--write-lock', 'write into lunward.lock.json what the journal in the cluster says is live')
  .addHelpText(
    'after',
    '\nNothing is changed without --write-lock, and with it that file alone, while nobody is at work at the app.' +
      '\nOf several apps, the highest exit code counts.',
  )
  .action(async (apps, options) => {
    process.exitCode = await (await import('./commands/status.js')).status(apps, options);
  });

described(
  'verify',
  'hold what a volume that data was moved to has now against what it had then, file by file; nothing is changed',
)
  .argument('<app>', 'an app of the description, which may run')
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    '\nWhat the app has written since is told, and is no error. Ends with 1 where a file has other bytes without having been written to, ' +
      "or can't be read, and where the app would start on another volume; with 0 otherwise.",
  )
  .action(async (app, options) => {
    process.exitCode = await (await import('./commands/verify.js')).verify(app, options);
  });

described('resize', "let an app's volume have all of its LUN, once that was grown on the NAS; the app may run")
  .argument('<app>', 'an app of the description')
  .argument('<size>', 'what the LUN was grown to, as Kubernetes writes it, such as 20Gi')
  .option('--mount <path>', 'the mount path of the volume that is meant (default: the only one that is a LUN)')
  .addHelpText(
    'after',
    '\nExample:\n  lunward resize jellyfin 20Gi\n\nA volume is never made smaller. Cut off, it is run again.',
  )
  .action(async (app, size, options) => (await import('./commands/resize.js')).resize(app, size, options));

described('patch', "change the setting that a move changes in a copy of an app's settings file, such as one in Git")
  .argument('<app>', 'an app of the description')
  .argument('<path>', 'the copy, under the name that the app gives the file')
  .option('--dry-run', 'say what would be changed, and change nothing')
  .addHelpText('after', '\nExample:\n  lunward patch jellyfin kube/media/jellyfin/conf/database.xml')
  .action(async (app, path, options) => (await import('./commands/patch.js')).patch(app, path, options));

described(
  'docs',
  'write what the description says of storage into a Markdown page, between two marks; all else in it stays',
)
  .argument('<path>', 'the page, which is made if it is not there')
  .addHelpText(
    'after',
    '\nExample:\n  lunward docs docs/02-persistence.md\n\nThe marks are <!-- lunward:storage --> and <!-- /lunward:storage -->; without them the section comes first.',
  )
  .action(async (path, options) => (await import('./commands/docs.js')).docs(path, options));

surviveOwnClosedOutput();
program.parseAsync().catch((error: unknown) => {
  console.error(describeFailure(error));
  process.exitCode = exitCodeOf(error);
});
