import { spawnSync } from 'node:child_process';
import { constants, createWriteStream, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WriteStream } from 'node:tty';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { coloured, type Output, withoutColours } from '../../../lib/cli/terminal/colour';
import { commandFile, transpiled } from '../../transpiled';

describe('a word', () => {
  let file: number;
  let terminal: WriteStream;
  beforeEach(() => {
    file = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY);
    terminal = new WriteStream(file);
    vi.stubEnv('TERM', 'xterm-256color');
    // In CI, Node takes no terminal for one that has colours.
    for (const name of ['NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS', 'CI']) vi.stubEnv(name, undefined);
  });
  afterEach(() => {
    terminal.destroy();
    vi.unstubAllEnvs();
  });

  it('has its colour on a terminal', () => {
    expect(coloured('error', undefined, terminal)).toBe('\u001b[31merror\u001b[39m');
    expect(coloured('changed', 'changed  ', terminal)).toBe('\u001b[32mchanged  \u001b[39m');
  });

  it.each([
    ['NO_COLOR', '1'],
    ['TERM', 'dumb'],
  ])('has none with %s=%s', (name, value) => {
    vi.stubEnv(name, value);
    expect(coloured('error', undefined, terminal)).toBe('error');
  });

  it('has it where NO_COLOR is empty', () => {
    vi.stubEnv('NO_COLOR', '');
    expect(coloured('error', undefined, terminal)).not.toBe('error');
  });

  it('has none with --no-color, whatever the environment says', () => {
    vi.stubEnv('FORCE_COLOR', '1');
    withoutColours();
    expect(coloured('error', undefined, terminal)).toBe('error');
  });

  it('has none in a file or a pipe', () => {
    expect(coloured('error', undefined, createWriteStream('/dev/null') as Output)).toBe('error');
  });
});

describe('lunward', () => {
  let folder: string;
  const file = ['--file', 'cluster.ts'];
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lunward-colour-'));
    // Nothing listens there, so each run ends at once, with a finding.
    writeFileSync(
      path.join(folder, 'cluster.ts'),
      `import { defineCluster } from '${transpiled()}/build/cluster';
      export default defineCluster({ nodes: { 'node-a': { ssh: 'nobody@127.0.0.1:1' } }, namespace: 'media', apps: {} });`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** As somebody at a terminal sees it. */
  function atTerminal(args: readonly string[]): string {
    const command = [process.execPath, commandFile(), ...args];
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, TERM: 'xterm-256color' };
    // script(1) of util-linux, and that of the BSDs.
    const how =
      process.platform === 'linux'
        ? ['--quiet', '--command', command.join(' '), '/dev/null']
        : ['-q', '/dev/null', ...command];
    const { stdout } = spawnSync('script', how, { cwd: folder, encoding: 'utf8', env });
    return stdout;
  }

  it('colours the words that matter most on a terminal', () => {
    expect(atTerminal(['doctor', ...file])).toContain('\u001b[31merror\u001b[39m: node-a node-facts on node node-a');
  });

  it.each<[string, string[]]>([
    ['before the command', ['--no-color', 'doctor', ...file]],
    ['behind it', ['doctor', ...file, '--no-color']],
  ])('prints no colours if they are turned off %s', (_, args) => {
    const said = atTerminal(args);
    expect(said).toContain('error: node-a node-facts on node node-a');
    expect(said).not.toContain('\u001b');
  });
});
