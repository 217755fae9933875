import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lun } from '../../nas/nas';
import { until } from '../until';
import { useLab } from './fixture';
import { description, IQN, PATH, runJellyfin } from './jellyfin';
import { iqnOf } from './log-in';
import { expectNothingLeftOn } from './nothing-left';
import { digestIn, Operator } from './operator';
import { seenJellyfin } from './seen-jellyfin';
import { lastRowOf } from './somebodys-app';

const SETTINGS = `<?xml version="1.0" encoding="utf-8"?>
<DatabaseConfigurationOptions>
  <DatabaseType>Jellyfin-SQLite</DatabaseType>
  <LockingBehavior>Optimistic</LockingBehavior>
</DatabaseConfigurationOptions>
`;
const NEXT = iqnOf('jellyfin-next');
const next = `        iscsi({ name: 'jellyfin-config-3', targetPortal: '192.0.2.200:3260', iqn: '${NEXT}', lun: 1, size: '128Mi' }),\n`;

const fixture = useLab({ podsOn: ['node-b'] });
let operator: Operator;
let first: Lun;

const { kubectl, rows, claimOfPods } = seenJellyfin(fixture);
const lastRow = () => lastRowOf(fixture.lab, 'jellyfin');
const lock = () => JSON.parse(readFileSync(join(operator.folder, 'lunward.lock.json'), 'utf8'));
const inOrder = (numbers: readonly number[]) => [...new Set(numbers)].sort((one, other) => one - other);
const onLun = (claim: string, file: string) =>
  fixture.lab
    .node('node-b')
    .run('bash', [
      '-c',
      `cat "$(findmnt -rno TARGET -S UUID=${lock().sealed.jellyfin[claim].uuid} | head -n 1)/${file}"`,
    ]);

async function migrated(): Promise<string> {
  const { stdout: planned, stderr } = await operator.lunward('plan', 'jellyfin');
  console.log(planned, stderr);
  const done = await operator.lunward('migrate', 'jellyfin', '--approve', digestIn(planned));
  console.log(done.stdout, done.stderr);
  expect([done.code, done.stderr], done.stdout).toEqual([0, '']);
  return `${planned}${done.stdout}`;
}

beforeAll(async () => {
  const { nas } = fixture.lab;
  operator = await Operator.of(fixture.lab, description());
  await nas.exportNfs({ path: PATH, rootSquash: false });
  await nas.write(`${PATH}/.hidden file`, 'kept\n');
  await nas.write(`${PATH}/database.xml`, SETTINGS);
  first = await nas.createLun({ iqn: IQN, lun: 1, size: '128Mi' });
  await nas.createLun({ iqn: NEXT, lun: 1, size: '128Mi' });
  await runJellyfin(fixture.lab);
  await migrated();
  operator.describe(description().replace('      ],', `${next}      ],`));
}, 2_400_000);
afterAll(() => operator?.remove());

describe('an app that lives on a LUN', () => {
  it('is moved to another one, with all that it wrote, from the node that it runs on', async () => {
    const said = await migrated();
    expect(said).toContain(`looked at read-only where node-b has it mounted`);
    expect(said).toContain(`from LUN 1 of ${IQN} to LUN 1 of ${NEXT} (claim jellyfin-config-3)`);
    expect(await claimOfPods()).toBe('jellyfin-config-3');
    const now = lastRow();
    await until('further rows', 60, async () => lastRow() > now + 3);
    expect(rows()).toEqual(inOrder(rows()));
    expect((await fixture.lab.nas.sessions()).map(({ iqn }) => iqn)).toEqual([NEXT]);
    await expectNothingLeftOn(fixture.lab.node('node-a'));
    expect((await fixture.lab.node('node-b').tryRun('ls', ['/run/lunward'])).stdout).toBe('');
  }, 1_200_000);

  it('has its settings as they were, and the seal of the new attempt alone', async () => {
    expect(await onLun('jellyfin-config-3', 'database.xml')).toBe(SETTINGS.replace('Optimistic', 'NoLock'));
    expect(await onLun('jellyfin-config-3', '.hidden file')).toBe('kept\n');
    expect(await onLun('jellyfin-config-3', '.lunward/marker')).toContain('volume=jellyfin-config-3\n');
    expect(lock().live).toEqual({ jellyfin: { '/config': 'jellyfin-config-3' } });
    expect(Object.keys(lock().sealed.jellyfin).sort()).toEqual(['jellyfin-config-2', 'jellyfin-config-3']);
    const journal = JSON.parse(await kubectl('get', 'configmap', 'lunward-jellyfin', '-o', 'jsonpath={.data.journal}'));
    expect(journal.before).toEqual({ '/config': 'jellyfin-config-2' });
    expect(journal.volumes['jellyfin-config-3'].at(-1)).toMatchObject({
      state: 'sealed',
      node: 'node-b',
      source: { uuid: lock().sealed.jellyfin['jellyfin-config-2'].uuid, attempt: 1 },
    });
  });

  it('is kept from every older generation', async () => {
    const expression = 'jsonpath={.spec.validations[0].expression}';
    const policy = await kubectl('get', 'validatingadmissionpolicy', 'lunward-media.jellyfin', '-o', expression);
    expect(policy).toContain('["jellyfin-config", "jellyfin-config-2"]');
    expect(policy).toContain(`["${IQN} 1"]`);
  });

  it('goes back to the one before, which was not written to, and whose guard lets it start', async () => {
    const before = await fixture.lab.nas.hashLun(first);
    const { stdout: asked } = await operator.lunward('rollback', 'jellyfin');
    expect(await fixture.lab.nas.hashLun(first)).toBe(before);
    const { code, stdout, stderr } = await operator.lunward('rollback', 'jellyfin', '--approve', digestIn(asked));
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(await claimOfPods()).toBe('jellyfin-config-2');
    const row = lastRow();
    await until('further rows', 60, async () => lastRow() !== row);
  }, 1_200_000);
});
