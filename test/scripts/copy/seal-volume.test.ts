import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealVolume } from '../../../lib/scripts/copy/seal-volume';
import { readReport } from '../../../lib/scripts/report';
import { runLibraries } from '../run-libraries';

const target = { server: '192.0.2.200', path: '/volume1/config-2' };
const attempt = { volume: 'config-2', attempt: 2, uuid: '6f1a3a4e-0f5c-4a53-9d0e-1c7f8a1f0b01' };
const { facts } = sealVolume(target, attempt, 'nfs');
const body = readFileSync(join(__dirname, '../../../lib/scripts/copy/seal-volume.sh'), 'utf8').replace(
  /^source .*$/gm,
  '',
);
const digest = (text: string) => createHash('sha256').update(text).digest('hex');

let folder: string;
let volume: string;
let marker: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lunward-seal-'));
  volume = join(folder, 'volume');
  marker = join(volume, '.lunward/marker');
  for (const name of ['empty', 'volume']) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A volume that is a folder of this machine. @param seen its root, as it is before the journal of its file system was replayed */
function seal(given: Readonly<Record<string, string>> = {}, seen = volume) {
  const stubs = [
    `open_target() { target=${folder}/empty; }`,
    `look_at_unused() { read_marker '${seen}'; read_names '${volume}'; }`,
    `mount_target() { target='${volume}'; }`,
  ];
  const parameters = {
    target_kind: 'nfs',
    type: 'nfs',
    volume: attempt.volume,
    attempt: String(attempt.attempt),
    uuid: attempt.uuid,
    from: 'none',
    before: String(attempt.attempt),
    listed: '',
    ...given,
  };
  const printed = runLibraries(['report', 'undo', 'marker', 'manifest'], [...stubs, body], { parameters });
  return readReport(printed, facts);
}

const sealed = ['state=sealed', 'attempt=2', 'volume=config-2', `uuid=${attempt.uuid}`];
const written = () => readFileSync(marker, 'utf8').trimEnd().split('\n');
const write = (path: string, text: string) => {
  mkdirSync(join(volume, '.lunward'), { recursive: true });
  writeFileSync(join(volume, path), text);
};

describe('a volume with data whose marker was deleted', () => {
  beforeEach(() => write('library.db', 'rows'));

  it('gets the marker that it was sealed with, and nothing else', () => {
    expect(seal()).toMatchObject({ result: 'changed' });
    expect(written()).toEqual(sealed);
    expect(readFileSync(join(volume, 'library.db'), 'utf8')).toBe('rows');
    expect(seal()).toMatchObject({ result: 'unchanged' });
  });

  it('names its list only if that is the one that it was sealed with', () => {
    const listed = digest('the list');
    for (const [list, expected] of [
      ['another list', sealed],
      ['the list', [...sealed, `manifest=${listed}`]],
    ] as const) {
      rmSync(marker, { force: true });
      write('.lunward/manifest', list);
      expect(seal({ listed })).toMatchObject({ result: 'changed' });
      expect(written()).toEqual(expected);
    }
  });

  it.each([
    ['building', 'attempt=2', 'volume=config-2'],
    ['sealed', 'attempt=1', 'volume=config-2'],
    ['sealed', 'attempt=2', 'volume=config-3'],
  ])('keeps another marker: %s, %s, %s', (...[state, ...lines]) => {
    const text = [`state=${state}`, ...lines, `uuid=${attempt.uuid}`, ''].join('\n');
    write('.lunward/marker', text);
    expect(seal()).toMatchObject({ result: 'declined' });
    expect(readFileSync(marker, 'utf8')).toBe(text);
  });

  it.each(['state=sealed\nattempt=7\n', ''])('keeps a marker that only the mounted file system shows: %j', (text) => {
    write('.lunward/marker', text);
    expect(seal({}, join(folder, 'empty'))).toMatchObject({ result: 'declined' });
    expect(readFileSync(marker, 'utf8')).toBe(text);
  });

  it('follows no link that the app has made to a file of the node', () => {
    const node = join(folder, 'of-the-node');
    writeFileSync(node, 'kept');
    mkdirSync(join(volume, '.lunward'), { recursive: true });
    symlinkSync(node, join(volume, '.lunward/marker.draft'));
    expect(seal()).toMatchObject({ result: 'changed' });
    expect(readFileSync(node, 'utf8')).toBe('kept');
    rmSync(join(volume, '.lunward'), { recursive: true });
    symlinkSync(join(folder, 'empty'), join(volume, '.lunward'));
    expect(seal()).toMatchObject({ result: 'declined' });
    expect(existsSync(join(folder, 'empty/marker'))).toBe(false);
  });
});

it('a volume without a file is not sealed: a folder that lost its file system has no marker either', () => {
  mkdirSync(join(volume, 'lost+found'));
  expect(seal()).toMatchObject({ result: 'declined', code: 'not-blank' });
  expect(existsSync(marker)).toBe(false);
});

describe('an attempt that sealed a volume before', () => {
  const again = { from: 'sealed', before: '1' };

  it('is followed by the next one, which keeps its list', () => {
    write('.lunward/marker', `state=sealed\nattempt=1\nvolume=config-2\nuuid=${attempt.uuid}\nmanifest=abc\n`);
    expect(seal(again)).toMatchObject({ result: 'changed' });
    expect(written()).toEqual([...sealed, 'manifest=abc']);
  });

  it('must have left its marker', () => {
    write('library.db', 'rows');
    expect(seal(again)).toMatchObject({ result: 'declined', code: 'no-marker' });
    expect(existsSync(marker)).toBe(false);
  });
});
