#!/usr/bin/env node
import { Command, Option } from 'commander';
import { defaultDescription } from '../cluster/load-cluster';
import { UserError } from '../core/problems';
import type { MigrateOptions } from '../migration/use-cases/migrate';
import { exitCodeOf, exitCodes, exitCodesHelp } from './exit-codes';
import { keepForDocument, printError } from './result';
import { surviveOwnClosedOutput } from './terminal/closed-output';
import { withoutColours } from './terminal/colour';
import { describeFailure } from './terminal/failure';
import { beforeEnding } from './terminal/interruption';
import { keepUnread } from './terminal/unread';

const { version } = require('../../package.json') as { version: string };

// An error of the command line comes before its options are known.
const isJson = process.argv.includes('--json');
let running: string | undefined;
/** The command, if it may change something. */
let acting: Command | undefined;
let hasEnded = () => {};

const program = new Command('lunward')
  .description('Media apps and their storage on Kubernetes, described in TypeScript.')
  .version(version)
  .option('--no-color', 'print without colours, as NO_COLOR in the environment does')
  .on('option:no-color', withoutColours)
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(--help lists commands and options)')
  .showSuggestionAfterError()
  .addHelpText('afterAll', exitCodesHelp())
  // Subcommands inherit this, so it comes before them.
  .exitOverride(({ exitCode, message }) => {
    if (exitCode === 0) process.exit(0);
    if (isJson) printError(new UserError(message.replace(/^error: /, ''), { category: 'usage' }));
    process.exit(exitCodes.usage.code);
  })
  .hook('preAction', (_, action) => {
    const command = action.name();
    running = command;
    if (action.options.some(({ long }) => long === '--approve')) acting = action;
    if (!isJson) return;
    keepForDocument();
    hasEnded = beforeEnding((error) => printError(error, command));
  });

const JSON_OPTION = 'print one JSON document on stdout, and progress on stderr';

const phases = ['prepare', 'stop'] satisfies MigrateOptions['until'][];
const reactions = ['rollback', 'stop'] satisfies MigrateOptions['onUnhealthy'][];

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
  .option('--json', JSON_OPTION)
  .action(async (folder, options) => (await import('./commands/init.js')).init(folder, options));

described('synth', 'write the manifests: one file for each app, and one for what apps share')
  .option('-o, --output <folder>', 'where to write', process.env.CDK8S_OUTDIR ?? 'dist')
  .option('--json', JSON_OPTION)
  .action(async (options) => (await import('./commands/synth.js')).synth(options.file, options.output, options));

described(
  'doctor',
  'check nodes, volumes, pods, targets and sources; show what is wrong and what to do; change nothing',
)
  .option('--json', JSON_OPTION)
  .addHelpText('after', '\nEnds with 1 if a problem keeps a volume from being used, with 0 otherwise.')
  .action(async (options) => {
    process.exitCode = await (await import('./commands/doctor.js')).doctor(options);
  });

described(
  'nodes',
  'install missing packages that volumes need on the nodes, and make sure that the iSCSI initiator runs',
)
  .option('--json', JSON_OPTION)
  .addHelpText('after', '\nEnds with 1 if a node could not be prepared, with 0 otherwise.')
  .action(async (options) => {
    process.exitCode = await (await import('./commands/nodes.js')).nodes(options);
  });

described('discover', 'show the targets and LUNs of an iSCSI portal, as a node sees them; change nothing')
  .argument('<portal>', 'address of the NAS, with the port if it is not 3260')
  .option('-n, --node <node>', 'the node that asks the portal (default: the first with ssh)')
  .option('--json', JSON_OPTION)
  .addHelpText(
    'after',
    '\nExamples:\n  lunward discover 192.0.2.200\n  lunward discover 192.0.2.200 --node node-b --json',
  )
  .action(async (portal, options) => (await import('./commands/discover.js')).discover(portal, options));

described('plan', "show what would be done to apps' volumes and what prevents it; change nothing")
  .argument('[app...]', 'apps of the description (default: all)')
  .option('--json', JSON_OPTION)
  .addHelpText('after', '\nOf several apps, the highest exit code counts.')
  .action(async (apps, options) => {
    process.exitCode = await (await import('./commands/plan.js')).plan(apps, options);
  });

described('format', "make the file system of an app's first volume, on a LUN that was never written to")
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of the plan, as "lunward plan" shows it (default: asks)')
  .option('--json', JSON_OPTION)
  .addHelpText('after', '\nExample:\n  lunward plan jellyfin\n  lunward format jellyfin --approve 0123456789abcdef')
  .action(async (app, options) => (await import('./commands/format.js')).format(app, options));

described(
  'migrate',
  "move apps' state to the newest generation of their volumes: copy while they run, stop, verify, switch, start",
)
  .argument('<app...>', 'apps of the description, moved one after the other; stops at the first that fails')
  .addOption(
    new Option(
      '--until <phase>',
      'end after this phase: prepare (the app keeps running) or stop (it is down, its new volume sealed)',
    ).choices(phases),
  )
  .addOption(
    new Option(
      '--on-unhealthy <reaction>',
      'what to do if the app is unhealthy on its new volume and this run may decide',
    )
      .choices(reactions)
      .default('rollback'),
  )
  .option('--approve <digest...>', 'the digests of the plans, as "lunward plan" shows them (default: asks)')
  .option('--json', JSON_OPTION)
  .addHelpText(
    'after',
    '\nExample:\n  lunward plan jellyfin\n  lunward migrate jellyfin --until prepare --approve 0123456789abcdef\n  lunward migrate jellyfin --approve 0123456789abcdef' +
      '\n\nAfter an interruption, run it again: it resumes. "lunward rollback" returns the app to its old volume instead.',
  )
  .action(async (apps, options) => (await import('./commands/migrate.js')).migrate(apps, options));

described(
  'rollback',
  'return an app to the volumes that were live before; what it wrote since then stays on the new ones',
)
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of what the command itself shows (default: asks)')
  .option('--files', 'list every file that was written since the volume was sealed, not only the first ones')
  .option('--json', JSON_OPTION)
  .addHelpText(
    'after',
    '\nExample:\n  lunward rollback jellyfin\n  lunward rollback jellyfin --approve 0123456789abcdef',
  )
  .action(async (app, options) => (await import('./commands/rollback.js')).rollback(app, options));

described(
  'restart',
  'stop an app, check the file systems of its volumes, and start it again: for a file system that was stopped, or has errors',
)
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of what the command itself shows (default: asks)')
  .option('--json', JSON_OPTION)
  .addHelpText(
    'after',
    '\nExample:\n  lunward restart jellyfin\n  lunward restart jellyfin --approve 0123456789abcdef' +
      '\n\nRepairs what needs no answer. For the rest it prints the command, and the app stays down. After an interruption, run it again: it ' +
      'resumes. Ends with 1 if the app runs and a file system still has errors.',
  )
  .action(async (app, options) => {
    process.exitCode = await (await import('./commands/restart.js')).restart(app, options);
  });

described(
  'retire',
  "remove the generations of an app's volumes that are no longer live from the cluster; their data stays on the NAS",
)
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of what the command itself shows (default: asks)')
  .option('--json', JSON_OPTION)
  .addHelpText(
    'after',
    '\nExample:\n  lunward retire jellyfin\n  lunward retire jellyfin --approve 0123456789abcdef' +
      '\n\nAfterwards "lunward rollback" cannot return to them.',
  )
  .action(async (app, options) => (await import('./commands/retire.js')).retire(app, options));

described(
  'abort',
  "abandon the attempts that were begun for an app's volumes: end the copy; the app and the LUNs stay as they are",
)
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of the plan, as the command itself shows it (default: asks)')
  .option('--json', JSON_OPTION)
  .addHelpText('after', '\nExample:\n  lunward abort jellyfin\n\nEnds with 0 if nothing is under way.')
  .action(async (app, options) => (await import('./commands/abort.js')).abort(app, options));

described('wipe', 'overwrite the LUNs of an abandoned attempt with zeros; never a sealed one')
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of the plan, as the command itself shows it (default: asks for it)')
  .option('--json', JSON_OPTION)
  .addHelpText('after', '\nExample:\n  lunward abort jellyfin\n  lunward wipe jellyfin --approve 0123456789abcdef')
  .action(async (app, options) => (await import('./commands/wipe.js')).wipe(app, options));

described(
  'seal',
  "adopt LUNs that already hold an app's data, or write a deleted marker of a live volume again; the app must be down",
)
  .argument('<app>', 'an app of the description')
  .option('--approve <digest...>', 'the digest of the plan, as the command itself shows it (default: asks)')
  .option('--json', JSON_OPTION)
  .addHelpText('after', '\nExample:\n  lunward seal jellyfin\n  lunward seal jellyfin --approve 0123456789abcdef')
  .action(async (app, options) => (await import('./commands/seal.js')).seal(app, options));

described('status', 'show the live volumes of apps, their pods, moves under way, and the next step')
  .argument('[app...]', 'apps of the description (default: all)')
  .option('--json', JSON_OPTION)
  .option(
    '--write-lock',
    'record in lunward.lock.json what is live according to the journal in the cluster, and restore the fence',
  )
  .addHelpText(
    'after',
    '\nChanges nothing without --write-lock. With it, changes that file and the fence, while no other process works on the app.' +
      '\nOf several apps, the highest exit code counts.',
  )
  .action(async (apps, options) => {
    process.exitCode = await (await import('./commands/status.js')).status(apps, options);
  });

described('verify', 'compare the files of a sealed volume with what was sealed; change nothing')
  .argument('<app>', 'an app of the description; it may run')
  .option('--json', JSON_OPTION)
  .addHelpText(
    'after',
    '\nFiles that the app has written since are listed; they are no error. Ends with 1 if a file has other bytes although nothing wrote to it, ' +
      "if a file can't be read, or if the app would start on another volume; with 0 otherwise.",
  )
  .action(async (app, options) => {
    process.exitCode = await (await import('./commands/verify.js')).verify(app, options);
  });

described('resize', "grow an app's volume to the size of its LUN, after the LUN was grown on the NAS; the app may run")
  .argument('<app>', 'an app of the description')
  .argument('<size>', 'the new size of the LUN, as Kubernetes writes it, such as 20Gi')
  .option('--mount <path>', 'the mount path of the volume (default: that of the only LUN)')
  .option('--json', JSON_OPTION)
  .addHelpText(
    'after',
    '\nExample:\n  lunward resize jellyfin 20Gi\n\nA volume never gets smaller. After an interruption, run it again.',
  )
  .action(async (app, size, options) => (await import('./commands/resize.js')).resize(app, size, options));

described('patch', "change the setting that a move changes, in a copy of an app's settings file, such as one in Git")
  .argument('<app>', 'an app of the description')
  .argument('<path>', 'the copy; it has the name that the app gives the file')
  .option('--dry-run', 'show what would be changed; change nothing')
  .option('--json', JSON_OPTION)
  .addHelpText('after', '\nExample:\n  lunward patch jellyfin kube/media/jellyfin/conf/database.xml')
  .action(async (app, path, options) => (await import('./commands/patch.js')).patch(app, path, options));

described('docs', 'write a section about the described storage into a Markdown page, between two marks; the rest stays')
  .argument('<path>', 'the page; it is made if it does not exist')
  .option('--json', JSON_OPTION)
  .addHelpText(
    'after',
    '\nExample:\n  lunward docs docs/02-persistence.md\n\nThe marks are <!-- lunward:storage --> and <!-- /lunward:storage -->; without them the section comes first.',
  )
  .action(async (path, options) => (await import('./commands/docs.js')).docs(path, options));

const isUnread = surviveOwnClosedOutput();
program
  .parseAsync()
  .catch((error: unknown) => {
    console.error(describeFailure(error));
    if (isJson) printError(error, running);
    process.exitCode = exitCodeOf(error);
    if (acting) keepUnread(acting, describeFailure(error), isUnread);
  })
  // The document is printed: a second one would make both unreadable.
  .finally(() => hasEnded());
