import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { jellyfin, sonarr } from '../../../lib/catalog';
import { patch } from '../../../lib/cli/commands/patch';
import { describeApps, image, lun } from '../../helpers';
import { lunward } from '../command';
import { describedFolder } from '../description';
import { resultIn } from '../result-in';

const folder = describedFolder();
const file = () => folder.at('database.xml');
const settings = (value: string, newline = '\n') =>
  [
    '<DatabaseConfigurationOptions>',
    `  <LockingBehavior>${value}</LockingBehavior>`,
    '</DatabaseConfigurationOptions>',
  ].join(newline);
const run = (app = 'jellyfin', name = file(), dryRun = false) =>
  patch(app, name, { file: folder.at('cluster.ts'), dryRun });

beforeEach(() => {
  const apps = { jellyfin: jellyfin({ image, config: lun('j') }), sonarr: sonarr({ image, config: lun('s') }) };
  // Whatever the lock says: the setting is the same on every generation.
  folder.describe(describeApps(apps), { version: 1, live: { jellyfin: { '/config': 'gone' } } });
});

it.each([
  [
    'lines that end as on Windows, a byte order mark and no newline at the end',
    `\ufeff${settings('Optimistic', '\r\n')}`,
  ],
  ['a newline at the end', `${settings('Pessimistic')}\n`],
])('changes the setting and nothing else: %s', async (_, text) => {
  writeFileSync(file(), text);
  chmodSync(file(), 0o640);
  await run();
  expect(readFileSync(file(), 'utf8')).toBe(text.replace(/Optimistic|Pessimistic/, 'NoLock'));
  expect(statSync(file()).mode & 0o777).toBe(0o640);
  expect(folder.said()).toMatch(/database\.xml: changed, LockingBehavior was \w+mistic and is NoLock\n$/);
  await run();
  expect(folder.said()).toMatch(/: unchanged, LockingBehavior already is NoLock, or is left to the app\n$/);
  expect(readdirSync(folder.at('.')).sort()).toEqual(['cluster.ts', 'database.xml', 'lunward.lock.json']);
});

it.each([
  ['Optimistic', false, { result: 'changed', was: 'Optimistic' }],
  ['Optimistic', true, { result: 'would-change', was: 'Optimistic' }],
  ['NoLock', false, { result: 'unchanged' }],
])('prints what it does to %s as JSON, with --dry-run: %s', async (value, dryRun, expected) => {
  writeFileSync(file(), settings(value));
  await patch('jellyfin', file(), { file: folder.at('cluster.ts'), dryRun, json: true });
  const result = { app: 'jellyfin', file: file(), setting: 'LockingBehavior', value: 'NoLock', ...expected };
  expect(resultIn(folder.said())).toEqual(result);
});

it('only reports with --dry-run', async () => {
  writeFileSync(file(), settings('Optimistic'));
  await run('jellyfin', file(), true);
  expect(folder.said()).toContain('would be changed, LockingBehavior is Optimistic and would be NoLock');
  expect(readFileSync(file(), 'utf8')).toBe(settings('Optimistic'));
});

it('writes to the target of a link', async () => {
  mkdirSync(folder.at('kept'));
  writeFileSync(folder.at('kept/jellyfin.xml'), settings('Optimistic'));
  symlinkSync('kept/jellyfin.xml', file());
  await run();
  expect(lstatSync(file()).isSymbolicLink()).toBe(true);
  expect(readFileSync(folder.at('kept/jellyfin.xml'), 'utf8')).toBe(settings('NoLock'));
  expect(readdirSync(folder.at('kept'))).toEqual(['jellyfin.xml']);
});

it.each<[string, string | Buffer]>([
  ['a value that nobody knows', settings('Default')],
  ['half a file', settings('Optimistic').slice(0, 60)],
  ['another encoding', Buffer.from(settings('Optimistic'), 'utf16le')],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
])('leaves a file as it is with %s', async (_, text) => {
  writeFileSync(file(), text);
  await expect(run()).rejects.toMatchObject({ code: 'file-unusable' });
  expect(readFileSync(file())).toEqual(Buffer.from(text));
});

it.each([
  ['an app that is not described', 'jelyfin', 'database.xml', 'no-such-app'],
  ['an app without patches', 'sonarr', 'database.xml', 'no-such-setting'],
  ['another file', 'jellyfin', 'system.xml', 'no-such-setting'],
  ['no file', 'jellyfin', 'database.xml', 'file-unusable'],
])('refuses %s', async (_, app, name, code) => {
  await expect(run(app, folder.at(name))).rejects.toMatchObject({ code });
});

it('refuses a folder and a dangling link', async () => {
  symlinkSync('gone.xml', file());
  await expect(run()).rejects.toMatchObject({ code: 'file-unusable' });
  mkdirSync(folder.at('conf'));
  mkdirSync(folder.at('conf/database.xml'));
  await expect(run('jellyfin', folder.at('conf/database.xml'))).rejects.toMatchObject({ code: 'file-unusable' });
});

it('refuses a file name with different changes in several places', async () => {
  const { facts } = jellyfin;
  const [one, other] = facts.patches ?? [];
  const patches = one && other ? [one, { ...other, to: 'Pessimistic' }] : [];
  const app = { ...jellyfin({ image, config: lun('j') }), facts: { ...facts, patches } };
  folder.describe(describeApps({ jellyfin: app }));
  await expect(run()).rejects.toThrow(
    'in database.xml DatabaseConfigurationOptions/LockingBehavior becomes NoLock, in config/database.xml',
  );
});

it('needs no cluster', () => {
  writeFileSync(file(), settings('Optimistic'));
  const from = (name: string) => JSON.stringify(require.resolve(`../../../lib/${name}.ts`));
  writeFileSync(
    folder.at('cluster.ts'),
    `import { jellyfin } from ${from('catalog/jellyfin')};
     import { defineCluster } from ${from('cluster/cluster')};
     const config = { kind: 'nfs', name: 'j', server: '192.0.2.200', path: '/j', size: '1Gi' } as const;
     export default defineCluster({ namespace: 'media', apps: { jellyfin: jellyfin({ image: '${image}', config }) } });`,
  );
  const { code, stdout, stderr } = lunward(['patch', 'jellyfin', 'database.xml'], folder.at('.'));
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: 'database.xml: changed, LockingBehavior was Optimistic and is NoLock\n',
    stderr: '',
  });
  expect(readFileSync(file(), 'utf8')).toBe(settings('NoLock'));
});
