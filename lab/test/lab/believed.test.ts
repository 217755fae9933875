import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../until';
import { PORTAL, useLab } from './fixture';
import { description, IQN, PATH, runJellyfin, SIZE } from './jellyfin';
import { Operator } from './operator';
import { seenJellyfin } from './seen-jellyfin';
import { podsOfApps } from './somebodys-app';

const OLD = '/volume2/kube-nfs/v/restored';

const fixture = useLab({ podsOn: ['node-b'] });
const { kubectl, rowsGoOn, replicas } = seenJellyfin(fixture);
let operator: Operator;

const described = description();

interface Advice {
  readonly code: string;
  readonly subject: string;
  readonly found: string;
}

/** Why `plan` refuses the move. */
async function refusals(): Promise<readonly Advice[]> {
  const { code, stdout, stderr } = await operator.lunward('plan', 'jellyfin', '--json');
  expect(code, `${stdout}${stderr}`).toBe(3);
  return JSON.parse(stdout).result.flatMap(({ planned }: { planned: { refusals: Advice[] } }) => planned.refusals);
}

/** Errors that `doctor` finds. */
async function findings(): Promise<readonly Advice[]> {
  const { stdout } = await operator.lunward('doctor', '--json');
  const found: readonly (Advice & { readonly severity: string })[] = JSON.parse(stdout).result.findings;
  return found.filter(({ severity }) => severity === 'error');
}

const codes = (all: readonly Advice[]) => [...new Set(all.map(({ code }) => code))].sort();

/** A move is refused too, whatever was approved before, and leaves the app untouched. */
async function expectNotMoved(approval: string): Promise<void> {
  const pods = await podsOfApps(fixture.lab);
  const { code, stdout, stderr } = await operator.lunward('migrate', 'jellyfin', '--json', '--approve', approval);
  expect(code, `${stdout}${stderr}`).toBe(3);
  expect(JSON.parse(stdout).error.code).toBe('plan-refused');
  expect([await replicas(), await podsOfApps(fixture.lab)]).toEqual(['1', pods]);
  await rowsGoOn();
}

/** Creates the app's PersistentVolume again with another folder, as a restored backup does. The pod keeps its mount. */
async function makeVolumeAgain(path: string): Promise<void> {
  const volume = JSON.parse(await kubectl('get', 'pv', 'jellyfin-config', '-o', 'json'));
  const { name, labels } = volume.metadata;
  await kubectl('delete', 'pv', name, '--wait=false');
  await kubectl('patch', 'pv', name, '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
  const again = { ...volume, metadata: { name, labels }, spec: { ...volume.spec, nfs: { server: PORTAL, path } } };
  await fixture.lab.kubectl(['create', '--filename', '-'], JSON.stringify({ ...again, status: undefined }));
  const phases = () => kubectl('get', 'pv,pvc', '-o', 'jsonpath={.items[*].status.phase}');
  await until('claim and volume bound', 60, phases, (found) => found === 'Bound Bound');
}

beforeAll(async () => {
  const { nas } = fixture.lab;
  await nas.exportNfs({ path: PATH, rootSquash: false });
  await nas.exportNfs({ path: OLD, rootSquash: false });
  await nas.write(`${OLD}/decoy`, 'kept\n');
  await nas.createLun({ iqn: IQN, lun: 1, size: SIZE });
  await runJellyfin(fixture.lab);
  operator = await Operator.of(fixture.lab, described);
}, 1_200_000);
afterAll(() => operator?.remove());

describe('a move is refused, before anything is stopped, if', () => {
  it('the description names another folder than the app runs on, and both are reported', async () => {
    operator.describe(described.replace(`path: '${PATH}'`, `path: '${OLD}'`));
    const found = await refusals();
    const seen = (wanted: string) => found.find(({ code }) => code === wanted)?.found;
    expect(seen('stored-elsewhere')).toContain(`described ${OLD}, found ${PATH}`);
    expect(seen('mounted-elsewhere')).toContain(`${PORTAL}:${PATH} mounted on node-b`);
    expect(codes(await findings())).toContain('stored-elsewhere');
    await expectNotMoved('0123456789abcdef');
  }, 300_000);

  it('the PersistentVolume names that folder too, and only the mount on the node shows what the app writes to', async () => {
    await makeVolumeAgain(OLD);
    const found = await refusals();
    expect(codes(found)).not.toContain('stored-elsewhere');
    const onNode = found.find(({ code }) => code === 'mounted-elsewhere');
    expect(onNode?.found).toContain(`${PORTAL}:${PATH} mounted on node-b`);
    await expectNotMoved('0123456789abcdef');
    await makeVolumeAgain(PATH);
    operator.describe(described);
    expect(await fixture.lab.nas.run('ls', ['-A', `/pool${OLD}`])).toBe('decoy\n');
  }, 300_000);
});
