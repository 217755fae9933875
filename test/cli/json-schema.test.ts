import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { jsonCommands, jsonOutput } from '../../lib/cli/json-schema';
import { printError, printProgress, printResult } from '../../lib/cli/result';
import { UnreachableError } from '../../lib/core/problems';
import { ConflictError } from '../../lib/kubernetes/server-answer';
import { PlanRefused } from '../../lib/migration/use-cases/execute';
import { lunward } from './command';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lunward-json-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** The one document that is printed meanwhile. */
function printed(print: () => void): unknown {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  print();
  expect(log).toHaveBeenCalledTimes(1);
  return jsonOutput.parse(JSON.parse(log.mock.calls[0]?.[0] as string));
}

it('is documented as a JSON Schema', async () => {
  const text = `${JSON.stringify(z.toJSONSchema(jsonOutput), undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../docs/json-output.schema.json');
});

describe('an error', () => {
  it.each([
    [new UnreachableError('no answer'), { category: 'unreachable', code: 'unreachable', exitCode: 4, advice: [] }],
    [new ConflictError('it was changed'), { category: 'refused', code: 'conflict', exitCode: 3, advice: [] }],
    [new TypeError('x'), { category: 'internal', code: 'internal', exitCode: 70, message: 'TypeError: x' }],
  ])('is a document: %s', (error, expected) => {
    expect(printed(() => printError(error, 'plan'))).toMatchObject({ version: 1, command: 'plan', error: expected });
  });

  it('of a refused plan has the refusals', () => {
    const refusal = { code: 'node-unreachable', subject: 'node-a', found: 'is off' } as const;
    const error = new PlanRefused([{ planned: { refusals: [refusal] }, remarks: [] }]);
    expect(printed(() => printError(error, 'format'))).toMatchObject({ error: { advice: [refusal] } });
  });

  it.each([
    ['of the command line', ['migrate', '--json'], { code: 'usage', exitCode: 2 }],
    ['of a description that is not there', ['plan', '--json'], { code: 'description-missing', exitCode: 2 }],
    ['of a command that asks no cluster', ['synth', '--json'], { code: 'description-missing', exitCode: 2 }],
    ['of a folder that is none', ['init', 'bad.ts', '--json'], { code: 'file-unusable', exitCode: 2 }],
    ['of a description', ['status', '--json', '-f', 'bad.ts'], { code: 'description-invalid', exitCode: 2 }],
  ])('%s is the only thing on stdout', (_, words, error) => {
    writeFileSync(path.join(folder, 'bad.ts'), 'export default {');
    const { code, stdout, stderr } = lunward(words, folder);
    expect(jsonOutput.parse(JSON.parse(stdout))).toMatchObject({ version: 1, error });
    expect(code).toBe(error.exitCode);
    expect(stderr).not.toBe('');
  });
});

describe('a result', () => {
  it('is a document, and progress is on stderr', () => {
    const onError = vi.spyOn(console, 'error').mockImplementation(() => {});
    const result = { app: 'tv', result: 'changed' };
    const print = () => {
      printProgress({ json: true }, 'step');
      printResult('seal', { json: true }, result, () => 'words');
    };
    expect(printed(print)).toEqual({ version: 1, command: 'seal', result });
    expect(onError.mock.calls).toEqual([['step']]);
  });

  it('is text without --json', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    printProgress({}, 'step');
    printResult('seal', {}, {}, () => 'words');
    printResult('seal', {}, {}, () => '');
    expect(log.mock.calls).toEqual([['step'], ['words']]);
  });

  it('with an unknown shape is not accepted', () => {
    expect(() => jsonOutput.parse({ version: 1, command: 'seal', result: { app: 'tv', result: 'done' } })).toThrow();
    expect(() => jsonOutput.parse({ version: 2, command: 'seal', result: { app: 'tv', result: 'changed' } })).toThrow();
  });
});

it('has a schema for every command', () => {
  const help = lunward(['--help'], folder).stdout.split('Commands:\n')[1] ?? '';
  const commands = [...help.matchAll(/^ {2}([a-z]+) /gm)].map(([, command]) => command);
  expect(commands.filter((command) => command !== 'help').sort()).toEqual([...jsonCommands].sort());
});

it.each(['wipe', 'resize', 'init', 'synth', 'patch', 'docs'])('%s accepts --json', (command) => {
  expect(lunward([command, '--help'], folder).stdout).toContain('--json');
});
