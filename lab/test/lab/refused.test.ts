import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Advice } from '../../../lib/core/advice';
import type { AdviceCode } from '../../../lib/core/advice-codes';
import { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import type { DeclineCode } from '../../../lib/scripts/decline-codes';
import { markFolder } from '../../../lib/scripts/nfs/mark-folder';
import type { Fault } from '../../fault';
import type { Lun } from '../../nas/nas';
import { logIn, logOut, PORTAL, useLab, useSsh } from './fixture';
import { description, IQN, PATH } from './jellyfin';
import { digestIn, Operator } from './operator';
import { errorIn, type PrintedFindings, type PrintedPlan, refusalsIn, resultIn } from './printed-json';

const fixture = useLab({ podsOn: [] });
useSsh(fixture);
let operator: Operator;
let lun: Lun;
let hash: string;
const faults: Fault[] = [];

/** The refusals, before anything is asked or changed. */
async function refusals(): Promise<Advice[]> {
  const { code, stdout, stderr } = await operator.lunward('plan', 'jellyfin', '--json');
  expect(code, `${stdout}${stderr}`).toBe(3);
  expect(resultIn<PrintedPlan[]>(stdout).flatMap(({ planned }) => planned.digest ?? [])).toEqual([]);
  return refusalsIn(stdout);
}

/** One of them. */
const refusal = (code: AdviceCode, found: RegExp, subject: unknown = expect.any(String)) =>
  expect.objectContaining({ code, subject, found: expect.stringMatching(found) });

beforeAll(async () => {
  const { lab } = fixture;
  operator = await Operator.of(lab, description({ size: '64Mi' }));
  lun = await lab.nas.createLun({ iqn: IQN, lun: 1, size: '64Mi' });
  hash = await lab.nas.hashLun(lun);
  await lab.nas.exportNfs({ path: PATH, rootSquash: false });
  await lab.kubectl(['create', 'namespace', 'media']);
});
afterEach(async () => {
  for (const fault of faults.splice(0).reverse()) await fault.undo();
  expect(await fixture.lab.nas.hashLun(lun)).toBe(hash);
  expect(await fixture.lab.nas.sessions()).toEqual([]);
});
afterAll(() => operator?.remove());

describe('a move is refused, and its LUN unchanged, where', () => {
  it('the LUN is in use and its source neither whole, readable nor small enough: all of it is told at once', async () => {
    const { nas } = fixture.lab;
    const node = fixture.lab.node('node-b');
    await nas.exportNfs({ path: PATH });
    await nas.run('bash', ['-ec', `cd /pool${PATH}; truncate --size 200M holes; umask 077; echo x >secret`]);
    await nas.script('nas/databases.sh', [PATH]);
    faults.push(await nas.fillPool());
    await logIn(node, IQN);
    const refused = await refusals();
    await logOut(node, IQN);
    await nas.exportNfs({ path: PATH, rootSquash: false });
    const whole = 'sqlite3 data/jellyfin.db "create table t(x)"';
    await nas.run('bash', ['-ec', `cd /pool${PATH}; rm -- *; mkdir data; ${whole}`]);
    expect(refused).toEqual(
      expect.arrayContaining([
        refusal('target-logged-in', new RegExp(IQN), 'node-b'),
        refusal('source-entries-unreadable', /\b1 .*\bsecret\b/),
        refusal('source-without-room', /\bfree on the NAS\b/),
        refusal('database-damaged', /\bdamaged\.db\b.*\bSQLite says\b/),
        refusal('no-room', /\b64 MiB$/),
      ]),
    );
  }, 300_000);

  it('the LUN holds something, whether blkid knows what it is or only a reading of every byte tells', async () => {
    const { nas } = fixture.lab;
    const onNas = (command: string) => nas.run('bash', ['-ec', command, 'bash', `/dev/mapper/lun-${lun.name}`]);
    const zeros = 'dd if=/dev/zero of="$1" bs=1M count=64 oflag=direct';
    faults.push({ undo: async () => void (await onNas(zeros)) });
    const digest = digestIn((await operator.lunward('plan', 'jellyfin')).stdout);
    for (const [write, byte] of [
      ['printf x | dd of="$1" bs=1 seek=67108863 conv=notrunc,fsync', '67108863'],
      [`${zeros}; dd if=/dev/urandom of="$1" bs=1M count=8 oflag=direct`, '\\d+'],
    ] as const) {
      await onNas(write);
      const before = await nas.hashLun(lun);
      const prepare = ['jellyfin', '--until', 'prepare', '--approve', digest];
      const { code, stdout, stderr } = await operator.lunward('migrate', ...prepare, '--json');
      expect(code, `${stdout}${stderr}`).toBe(1);
      const { code: why, message } = errorIn(stdout);
      expect(why).toBe('step-declined');
      expect(message).toMatch(
        new RegExp(`"format" of PersistentVolume jellyfin-config-2 on node-a .*\\bbyte ${byte}\\b`),
      );
      expect(await nas.hashLun(lun)).toBe(before);
    }
    await onNas(`${zeros}; echo type=linux | sfdisk --quiet --no-reread --no-tell-kernel --label gpt "$1"`);
    expect(await refusals()).toContainEqual(refusal('not-blank', /partition table \(gpt\)/));
    await fixture.lab.kubectl(['delete', 'configmap', 'lunward-jellyfin', '--namespace', 'media']);
  }, 600_000);

  it.each([
    ['more', '128Mi'],
    ['less', '32Mi'],
  ])(
    '%s is described than there is',
    async (_, size) => {
      operator.describe(description({ size }));
      const bytes = Number.parseInt(size, 10) * 1024 ** 2;
      const sizes = new RegExp(`\\b${64 * 1024 ** 2} bytes\\b.*\\b${bytes}\\b`);
      const refused = await refusals();
      for (const node of ['node-a', 'node-b']) {
        expect(refused).toContainEqual(refusal('lun-size-differs', sizes, node));
      }
    },
    300_000,
  );

  it('two nodes have the same initiator name: nobody logs in', async () => {
    const { lab } = fixture;
    operator.describe(description({ size: '64Mi' }));
    faults.push(await lab.node('node-b').cloneInitiatorNameOf(lab.node('node-a')));
    const name = /\bnode-a: iqn\.1993-08\.org\.debian:01:node-a$/;
    expect(await refusals()).toContainEqual(refusal('initiator-name-shared', name, 'node-b'));
  }, 300_000);

  it('a node has two sessions with the target, so that two of its devices are that LUN', async () => {
    const node = fixture.lab.node('node-b');
    await logIn(node, IQN);
    const second = `iscsiadm -m iface -I second -o new
      iscsiadm -m discovery -t sendtargets -p ${PORTAL} -I second
      iscsiadm -m node -T ${IQN} -I second --login
      udevadm settle`;
    await node.run('bash', ['-ec', second]);
    faults.push({
      undo: async () => {
        await logOut(node, IQN);
        await node.run('iscsiadm', ['-m', 'iface', '-I', 'second', '-o', 'delete']);
      },
    });
    expect(
      await node.run('bash', ['-ec', 'lsblk --noheadings --nodeps --output WWN | sort | uniq --repeated']),
    ).not.toBe('');
    expect(await refusals()).toContainEqual(refusal('target-logged-in', new RegExp(IQN), 'node-b'));
  }, 300_000);

  it('the target wants CHAP, and none is described', async () => {
    await fixture.lab.nas.authenticate(IQN, { username: 'operator', password: 'a secret of 16' });
    faults.push({ undo: () => fixture.lab.nas.authenticate(IQN) });
    expect(await refusals()).toContainEqual(refusal('target-unreachable', new RegExp(`${IQN}: .*\\bCHAP\\b`)));
  }, 300_000);

  it("a node's address leads to another machine: both machine ids are told", async () => {
    const { lab } = fixture;
    operator.describe(description({ size: '64Mi' }).replace('root@192.0.2.211', 'root@192.0.2.210'));
    const machineIds = await Promise.all(
      ['node-a', 'node-b'].map(async (name) => (await lab.node(name).run('cat', ['/etc/machine-id'])).trim()),
    );
    const both = new RegExp(`\\b${machineIds[0]}\\b.*\\b${machineIds[1]}\\b`);
    expect(await refusals()).toContainEqual(refusal('node-address-mistaken', both, 'node-b'));
    const doctor = await operator.lunward('doctor', '--json');
    expect(doctor.code, `${doctor.stdout}${doctor.stderr}`).toBe(1);
    const { findings } = resultIn<PrintedFindings>(doctor.stdout);
    expect(findings).toContainEqual(refusal('node-address-mistaken', both, 'node-b'));
    expect(findings.map(({ code }) => code)).not.toContain('initiator-name-shared');
  }, 300_000);

  it('a node shows another host key than the one that is described', async () => {
    const key = join(operator.folder, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key]);
    operator.describe(description({ size: '64Mi', hostKey: readFileSync(`${key}.pub`, 'utf8').trim() }));
    expect(await refusals()).toContainEqual(refusal('node-unreachable', /\bhost key\b.*\bhostKey\b/, 'node-b'));
  }, 300_000);
});

describe('a folder that data is to be moved to is not marked where its export maps', () => {
  const path = '/volume1/mapped';
  const attempt = { volume: 'mapped', attempt: 1, uuid: '6f1a3a4e-0f5c-4a53-9d0e-1c7f8a1f0b01' };
  const mark = () =>
    new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' }).run(
      markFolder({ server: '192.0.2.200', path }, attempt),
    );

  it.each<[string, { readonly rootSquash?: boolean; readonly mapsAllTo?: number }, DeclineCode]>([
    ['root to nobody', {}, 'not-writable'],
    ['everyone to a user', { mapsAllTo: 1000 }, 'owners-mapped'],
    ['everyone to root', { mapsAllTo: 0 }, 'users-mapped'],
  ])('%s', async (_, mapping, code) => {
    await fixture.lab.nas.exportNfs({ path, ...mapping });
    expect(await mark()).toMatchObject({
      result: 'declined',
      code,
      reason: expect.stringContaining(`192.0.2.200:${path}`),
    });
  });

  it('or maps again once it is marked', async () => {
    await fixture.lab.nas.exportNfs({ path, rootSquash: false });
    expect(await mark()).toMatchObject({ result: 'changed' });
    expect(await mark()).toMatchObject({ result: 'unchanged' });
    await fixture.lab.nas.exportNfs({ path, mapsAllTo: 0 });
    expect(await mark()).toMatchObject({ result: 'declined', code: 'users-mapped' });
  });
});
