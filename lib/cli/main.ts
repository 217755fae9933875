#!/usr/bin/env node
import { Command } from 'commander';
import { defaultDescription } from '../load/load-cluster';
import { describeFailure } from './failure';

const { version } = require('../../package.json') as { version: string };

const program = new Command('lunward')
  .description('Media apps and their storage on Kubernetes, described in TypeScript.')
  .version(version)
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
  .description('look at the nodes, and say what is wrong with each and what to do; nothing is changed')
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

program.parseAsync().catch((error: unknown) => {
  console.error(describeFailure(error));
  process.exitCode = 1;
});
