import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../core/problems';
import { quote } from '../../scripts/quote';
import { refuseFile } from '../output-folder';
import { type ProjectFile, projectFiles } from '../project-files';
import { type OutputOptions, printResult } from '../result';

/** Writes a first description and its project files into a folder. What is there already is never touched. */
export function init(folder: string, output: OutputOptions = {}): void {
  const absolute = path.resolve(folder);
  refuseFile(absolute, 'name a folder');
  const files = projectFiles(absolute);
  const there = files.filter(({ name }) => existsSync(path.join(absolute, name)));
  if (there.length === files.length) {
    printResult('init', output, { folder: absolute, result: 'unchanged', written: [] }, () =>
      [
        `${absolute} already is a Lunward project, so nothing was changed. It has`,
        ...there.map(({ name, purpose }) => describe(name, purpose)),
      ].join('\n'),
    );
    return;
  }
  const foreign = there.filter((file) => !isAsWritten(absolute, file));
  if (foreign.length > 0) {
    throw new UserError(
      [
        `${absolute} has files that \`lunward init\` would write, so nothing was changed:`,
        ...foreign.map(({ name, purpose }) => describe(name, purpose)),
        'Name an empty folder: `lunward init FOLDER`; or move these files away first.',
      ].join('\n'),
      { category: 'refused', code: 'files-of-others' },
    );
  }
  const missing = files.filter((file) => !there.includes(file));
  write(absolute, missing);
  const result = { folder: absolute, result: 'changed', written: missing.map(({ name }) => name) };
  printResult('init', output, result, () => report(folder, absolute, files));
}

function write(folder: string, files: readonly ProjectFile[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, content } of files) {
    // `wx` fails where a file has come up in the meantime, rather than writing over it.
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content, { flag: 'wx' });
  }
}

// What an interrupted run has left is as it would be written now: the next run writes the rest.
function isAsWritten(folder: string, { name, content }: ProjectFile): boolean {
  const file = path.join(folder, name);
  return statSync(file).isFile() && readFileSync(file).equals(Buffer.from(content));
}

function report(folder: string, absolute: string, files: readonly ProjectFile[]): string {
  const enter: [string, string][] = absolute === process.cwd() ? [] : [[`cd ${quote(folder)}`, '']];
  const steps: [string, string][] = [
    ...enter,
    ['npm install', ''],
    ['edit cluster.ts', 'every value in it is an example'],
    ['npm run check', 'does it type-check?'],
    ['npm run synth', 'writes the manifests to dist/, to read or for Git'],
    ['pulumi stack init shared', 'what the apps share: the namespace, and volumes that several mount'],
    ['pulumi up -s shared', ''],
    ['pulumi stack init jellyfin', 'a stack an app'],
    ['pulumi up -s jellyfin', ''],
  ];
  const width = Math.max(...steps.map(([command]) => command.length));
  return [
    `Wrote into ${absolute}:`,
    ...files.map(({ name, purpose }) => describe(name, purpose)),
    '',
    'Next:',
    ...steps.map(([command, why]) => `  ${why ? `${command.padEnd(width)}  # ${why}` : command}`),
  ].join('\n');
}

function describe(name: string, purpose: string): string {
  return `  ${name.padEnd(19)} ${purpose}`;
}
