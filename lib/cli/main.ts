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

program.parseAsync().catch((error: unknown) => {
  console.error(describeFailure(error));
  process.exitCode = 1;
});
