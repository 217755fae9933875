import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Migrated, MigrationEvent } from '../../../lib/migration';
import { fencesOf } from '../../../test/docs/fences';
import { CalibreWebReader } from './calibre-web-reader';
import { useLab } from './fixture';
import { forwarded } from './forwarded';
import { iqnOf } from './log-in';
import { expectNothingLeftOn } from './nothing-left';
import { digestIn, Operator } from './operator';

const fixture = useLab({ podsOn: ['node-b'] });
const PATH = '/volume2/kube-nfs/v/books-config';
const IQN = iqnOf('books');
const BOOK = 'Twenty Thousand Leagues Under the Sea';
const NEMO = { name: 'nemo', password: 'Nautilus-1870' };
let operator: Operator;

const kubectl = (...args: readonly string[]) => fixture.lab.kubectl(['--namespace', 'books', ...args]);
const inApp = (...command: readonly string[]) => kubectl('exec', 'deployment/calibre-web', '--', ...command);
const lunward = async (command: string, ...args: readonly string[]) => {
  const { code, stdout, stderr } = await operator.lunward(command, 'calibre-web', ...args);
  console.log(stdout, stderr);
  return { code, stdout, stderr };
};
const browsing = <Result>(work: (url: string) => Promise<Result>) =>
  forwarded(fixture, { namespace: 'books', name: 'calibre-web', port: 8083 }, work);

const description = (image: string) => `import { calibreWeb, defineCluster, iscsi, nfs } from 'lunward';

export default defineCluster({
  context: 'lab',
  nodes: { 'node-a': { ssh: 'admin@192.0.2.210' }, 'node-b': { ssh: 'root@192.0.2.211' } },
  namespace: 'books',
  apps: {
    'calibre-web': calibreWeb({
      image: '${image}',
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      pod: { nodeName: 'node-b' },
      config: [
        nfs({ name: 'books', server: '192.0.2.200', path: '${PATH}', size: '1Gi' }),
        iscsi({ name: 'books-2', targetPortal: '192.0.2.200:3260', iqn: '${IQN}', lun: 1, size: '64Mi' }),
      ],
    }),
  },
});
`;

/** The program of docs/from-typescript.md, which carries out the plan whose digest it is given, and no other. */
const program = `${fencesOf('docs/from-typescript.md')[0]?.code}
const [, , approved] = process.argv;
move('calibre-web', async (digests) => {
  console.log(digests.join());
  return digests.join() === approved;
}).then((migrated) => console.log(JSON.stringify(migrated)));
`;

/** The user account that was created still sees the book that was added. */
const expectAsLeft = () =>
  browsing(async (url) => {
    const nemo = new CalibreWebReader(url);
    expect(await nemo.logIn(NEMO.name, 'something else')).toBe(false);
    expect(await nemo.logIn(NEMO.name, NEMO.password)).toBe(true);
    expect(await nemo.read('/')).toContain(BOOK);
  });

beforeAll(async () => {
  const { nas } = fixture.lab;
  await nas.exportNfs({ path: PATH, rootSquash: false });
  const library = readFileSync(join(__dirname, '../../apps/calibre-library.sql'));
  const make = `mkdir books; sqlite3 books/metadata.db; chown -R 1000:1000 books`;
  await nas.run('bash', ['-ec', `cd ${PATH}; ${make}`], { stdin: library });
  await nas.createLun({ iqn: IQN, lun: 1, size: '64Mi' });
  const node = fixture.lab.node('node-b');
  await node.importCalibreWeb();
  const images = await node.run('ctr', ['--namespace', 'k8s.io', 'images', 'list', '--quiet']);
  const image = /^docker\.io\/(lab\/calibre-web:\S+)$/m.exec(images)?.[1] ?? '';
  operator = await Operator.of(fixture.lab, description(image));
  const output = join(operator.folder, 'dist');
  const synth = await operator.lunward('synth', '--output', output);
  expect(synth.code, synth.stderr).toBe(0);
  await fixture.lab.kubectl(['create', 'namespace', 'books']);
  await fixture.lab.kubectl(['apply', '--recursive', '--filename', output]);
  await kubectl('rollout', 'status', 'deployment/calibre-web', '--timeout=400s');
}, 1_200_000);
afterAll(() => operator?.remove());

describe('a real app', () => {
  it('runs on NFS, in use', async () => {
    expect(await inApp('cat', '/proc/mounts')).toMatch(/^192\.0\.2\.200:\S+ \/config nfs4 rw/m);
    await browsing(async (url) => {
      const admin = new CalibreWebReader(url);
      expect(await admin.logIn('admin', 'admin123')).toBe(true);
      const set = await admin.submit('/admin/dbconfig', { config_calibre_dir: '/config/books' });
      expect(await set.text()).toContain('Database Settings updated');
      await admin.submit('/admin/user/new', {
        ...NEMO,
        email: 'nemo@example.com',
        kindle_mail: '',
        locale: 'en',
        default_language: 'all',
        show_2: 'on',
      });
    });
    await expectAsLeft();
  }, 300_000);

  it('is moved to a LUN by the program in the docs, with all its data', async () => {
    const digest = digestIn((await lunward('plan')).stdout);
    const refused = await operator.program(program, 'nothing');
    expect([refused.code, refused.stdout]).toEqual([1, `${digest}\n`]);
    expect(await inApp('cat', '/proc/mounts')).toMatch(/^192\.0\.2\.200:\S+ \/config nfs4 rw/m);
    const { code, stdout, stderr } = await operator.program(program, digest);
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([0, '']);
    const [shown, ...lines] = stdout.trimEnd().split('\n');
    expect(shown).toBe(digest);
    const migrated = JSON.parse(lines.pop() ?? '') as Migrated;
    const copied = migrated.result === 'moved' ? migrated.moved.volumes.map((volume) => volume.copied) : [];
    const whole = copied.map((one) => one?.databases.filter(({ check }) => check.outcome === 'whole').length);
    expect(whole).toEqual([3]);
    expect(lines.pop()).toBe('calibre-web runs on node-b');
    const types = lines.map((line) => (JSON.parse(line) as MigrationEvent).type);
    const turns = ['step', 'fenced', 'stopping', 'stopped', 'sealed', 'released', 'starting', 'ready'];
    expect(types.filter((type, index) => turns.includes(type) && type !== types[index - 1])).toEqual(turns);
    expect(await inApp('cat', '/proc/mounts')).toMatch(/^\/dev\/sd\S+ \/config ext4 rw/m);
    await expectAsLeft();
    // It encrypts its secrets with that key, at the top level of its volume.
    const key = await fixture.lab.nas.run('sha256sum', [`${PATH}/.key`]);
    expect((await inApp('sha256sum', '/config/.key')).slice(0, 64)).toBe(key.slice(0, 64));
    await expectNothingLeftOn(fixture.lab.node('node-a'));
  }, 900_000);

  it('has an intact volume while it runs there', async () => {
    const { code, stdout, stderr } = await lunward('verify');
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(stdout).toMatch(/read where pod calibre-web-\S+ uses it on node-b\n/);
    expect(stdout).toContain('Nothing is wrong with it.');
  }, 300_000);

  it('is rolled back to its old volume', async () => {
    const { stdout: asked } = await lunward('rollback');
    const { code, stdout, stderr } = await lunward('rollback', '--approve', digestIn(asked));
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(await inApp('cat', '/proc/mounts')).toMatch(/^192\.0\.2\.200:\S+ \/config nfs4 rw/m);
    await expectAsLeft();
    expect(await fixture.lab.nas.sessions()).toEqual([]);
  }, 900_000);
});
