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
  expect(folder.said()).toMatch(/: unchanged, it says LockingBehavior NoLock already, or leaves it to the app\n$/);
  expect(readdirSync(folder.at('.')).sort()).toEqual(['cluster.ts', 'database.xml', 'lunward.lock.json']);
});

it('only tells with --dry-run', async () => {
  writeFileSync(file(), settings('Optimistic'));
  await run('jellyfin', file(), true);
  expect(folder.said()).toContain('would be changed, it says LockingBehavior Optimistic and would say NoLock');
  expect(readFileSync(file(), 'utf8')).toBe(settings('Optimistic'));
});

it('writes through a link, to its target', async () => {
  mkdirSync(folder.at('kept'));
  writeFileSync(folder.at('kept/jellyfin.xml'), settings('Optimistic'));
  symlinkSync('kept/jellyfin.xml', file());
  await run();
  expect(lstatSync(file()).isSymbolicLink()).toBe(true);
  expect(readFileSync(folder.at('kept/jellyfin.xml'), 'utf8')).toBe(settings('NoLock'));
  expect(readdirSync(folder.at('kept'))).toEqual(['jellyfin.xml']);
});

it.each<[string, string | Buffer, string]>([
  [
    'a value that nobody knows',
    settings('Default'),
    'database.xml says LockingBehavior "Default", expected NoLock or Pessimistic or Optimistic. On a block device it has to say LockingBehavior NoLock',
  ],
  ['half a file', settings('Optimistic').slice(0, 60), 'database.xml is no XML: '],
  ['another encoding', Buffer.from(settings('Optimistic'), 'utf16le'), 'database.xml is no XML: '],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), 'database.xml is not UTF-8'],
])('leaves a file as it is with %s', async (_, text, message) => {
  writeFileSync(file(), text);
  const error = await run().catch((reason: Error) => reason.message);
  expect(error).toContain(message);
  expect(error).toMatch(/Nothing was changed$/);
  expect(readFileSync(file())).toEqual(Buffer.from(text));
});

it.each([
  ['an app that is not described', 'jelyfin', 'database.xml', 'no app "jelyfin": expected jellyfin, sonarr'],
  ['an app without patches', 'sonarr', 'database.xml', 'App "sonarr" has no setting that a move changes; of this'],
  ['another file', 'jellyfin', 'system.xml', 'nothing in a file "system.xml": expected database.xml'],
  ['no file', 'jellyfin', 'database.xml', "database.xml: name the copy of jellyfin's database.xml that you keep"],
])('refuses %s', async (_, app, name, message) => {
  await expect(run(app, folder.at(name))).rejects.toThrow(message);
});

it('refuses a folder, and a link to nothing', async () => {
  symlinkSync('gone.xml', file());
  await expect(run()).rejects.toThrow('database.xml is a link to what is not there');
  mkdirSync(folder.at('conf'));
  mkdirSync(folder.at('conf/database.xml'));
  await expect(run('jellyfin', folder.at('conf/database.xml'))).rejects.toThrow(
    'database.xml is a folder: name a file',
  );
});

it('refuses what is not the same in files of one name', async () => {
  const { facts } = jellyfin;
  const [one, other] = facts.patches ?? [];
  const patches = one && other ? [one, { ...other, to: 'Pessimistic' }] : [];
  const app = { ...jellyfin({ image, config: lun('j') }), facts: { ...facts, patches } };
  folder.describe(describeApps({ jellyfin: app }));
  await expect(run()).rejects.toThrow(
    'in database.xml DatabaseConfigurationOptions/LockingBehavior becomes NoLock, in config/database.xml',
  );
});

it('is a command that needs no cluster', () => {
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
