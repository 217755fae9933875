import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../until';
import { PORTAL, useLab } from './fixture';
import { description, IQN, PATH, runJellyfin, SIZE } from './jellyfin';
import { digestIn, Operator } from './operator';
import { OtherLuns } from './other-luns';
import { seenJellyfin } from './seen-jellyfin';
import { podsOfApps } from './somebodys-app';

const OLD = '/volume2/kube-nfs/v/restored';
/** Of a target whose LUNs 1 and 2 others use. */
const LUN = 3;

const fixture = useLab({ podsOn: ['node-b'] });
const others = new OtherLuns(fixture);
const { kubectl, journal, rows, rowsGoOn, replicas, claimOfPods } = seenJellyfin(fixture);
let operator: Operator;

/** As a user may write it: a portal without its port. */
const described = description()
  .replace(`targetPortal: '${PORTAL}:3260'`, `targetPortal: '${PORTAL}'`)
  .replace('lun: 1', `lun: ${LUN}`);

interface Advice {
  readonly code: string;
  readonly subject: string;
  readonly found: string;
  readonly remedy?: string;
}

/** Why `plan` refuses the move. */
async function refusals(): Promise<readonly Advice[]> {
  const { code, stdout, stderr } = await operator.lunward('plan', 'jellyfin', '--json');
  expect(code, `${stdout}${stderr}`).toBe(3);
  return JSON.parse(stdout).result.flatMap(
    ({ planned }: { planned: { refusals?: Advice[] } }) => planned.refusals ?? [],
  );
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

async function scaled(replicas: 0 | 1): Promise<void> {
  await kubectl('scale', 'deployment', 'jellyfin', `--replicas=${replicas}`);
  if (replicas === 0) await until('no pod', 120, async () => (await kubectl('get', 'pods', '-o', 'name')) === '');
}

/** Runs the first kubectl that a remedy names which gives a volume back to its claim. */
async function giveBack(remedy = ''): Promise<void> {
  const [, name = '', patch = ''] = /kubectl patch pv (\S+) --type=merge -p '(\{.*?\}\}\})'/.exec(remedy) ?? [];
  await kubectl('patch', 'pv', name, '--type=merge', '-p', patch);
}

/** Fails all that the app writes, until it says so in its log. @param said words of that line */
async function failWrites(said: string): Promise<void> {
  const limit = async (size: string) => {
    const script = `prlimit --pid "$(pgrep --full '^/usr/local/bin/media-app serve')" --fsize="$1:unlimited"`;
    await fixture.lab.node('node-b').run('bash', ['-euc', script, 'bash', size]);
  };
  await limit('0');
  const log = () => kubectl('logs', 'deployment/jellyfin');
  await until('the error in its log', 60, log, (lines) => lines.includes(said));
  await limit('unlimited');
}

beforeAll(async () => {
  const { nas } = fixture.lab;
  await nas.exportNfs({ path: PATH, rootSquash: false });
  await nas.exportNfs({ path: OLD, rootSquash: false });
  await nas.write(`${OLD}/decoy`, 'kept\n');
  await nas.createLun({ iqn: IQN, lun: LUN, size: SIZE });
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

  it('its claim was deleted and waits for the end of its pod; what is advised brings it back', async () => {
    await kubectl('delete', 'pvc', 'jellyfin-config', '--wait=false');
    const [refusal, ...others] = await refusals();
    expect([refusal?.code, others]).toEqual(['terminating', []]);
    expect(codes(await findings())).toContain('terminating');
    await expectNotMoved('0123456789abcdef');
    await scaled(0);
    await until('no claim', 60, async () => (await kubectl('get', 'pvc', '-o', 'name')) === '');
    await giveBack(refusal?.remedy);
    // At zero its manifests leave it there.
    await scaled(1);
    await runJellyfin(fixture.lab);
    await rowsGoOn();
  }, 300_000);
});

describe('a share that maps everybody to nobody', () => {
  const map = async (owner: string, mapping: object) => {
    await scaled(0);
    await fixture.lab.nas.exportNfs({ path: PATH, ...mapping });
    await fixture.lab.nas.run('chown', ['-R', owner, `/pool${PATH}`]);
    await scaled(1);
    await rowsGoOn();
  };

  it('is named by the plan', async () => {
    await map('65534:65534', { mapsAllTo: 65534 });
    const { code, stdout } = await operator.lunward('plan', 'jellyfin');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\d+ entries belong to nobody \(65534\)/)]);
    await map('1000:1000', { rootSquash: false });
    expect((await operator.lunward('plan', 'jellyfin')).stdout).not.toContain('nobody');
  }, 300_000);
});

describe('an app on a LUN of a target whose other LUNs are in use on two nodes', () => {
  let before: readonly number[];
  beforeAll(async () => {
    await others.use();
    before = await others.rows();
  }, 600_000);

  it('is left running where the run was killed that started it there, and the next one finds storage trouble', async () => {
    const { stdout: planned } = await operator.lunward('plan', 'jellyfin');
    const command = operator.begin(['migrate', 'jellyfin', '--approve', digestIn(planned)]);
    const ready = 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}';
    const isThere = async () => `${await claimOfPods()} ${await kubectl('get', 'pods', '-o', ready)}`;
    await command.during(until('its new pod', 900, isThere, (found) => found === 'jellyfin-config-2 True'));
    command.kill();
    const { code: killed, stdout: said, stderr } = await command.ended;
    console.log(said, stderr);
    expect(killed).toBe('SIGKILL');
    const pods = await podsOfApps(fixture.lab);
    await failWrites('disk I/O error');
    const judged = await operator.lunward('migrate', 'jellyfin', '--json');
    console.log(judged.stdout, judged.stderr);
    const { error } = JSON.parse(judged.stdout);
    expect([judged.code, error.code]).toEqual([1, 'left-running']);
    expect(error.message).toContain('disk I/O error');
    expect([await replicas(), await podsOfApps(fixture.lab)]).toEqual(['1', pods]);
    expect((await journal()).cutover.phase).toBe('switched');
    await rowsGoOn();
  }, 1_500_000);

  it('is moved once its user has started it again, and no other LUN of the target was touched', async () => {
    await kubectl('delete', 'pods', '--all');
    await kubectl('rollout', 'status', 'deployment/jellyfin', '--timeout=240s');
    await rowsGoOn();
    const pods = await podsOfApps(fixture.lab);
    const { code, stdout, stderr } = await operator.lunward('migrate', 'jellyfin');
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect([await claimOfPods(), await podsOfApps(fixture.lab)]).toEqual(['jellyfin-config-2', pods]);
    expect((await journal()).cutover).toBeUndefined();
    await rowsGoOn();
    expect(rows()).toEqual([...rows()].sort((one, other) => one - other));
    expect([await others.lunsOn('node-a'), await others.lunsOn('node-b')]).toEqual([[1], [2, LUN]]);
    await others.goOn(before);
    expect(codes(await findings())).toEqual([]);
  }, 600_000);

  it('is not moved to a share that maps everybody to a user, and no file is left there', async () => {
    const path = '/volume2/mapped';
    await fixture.lab.nas.exportNfs({ path, mapsAllTo: 1000 });
    const share = `nfs({ name: 'jellyfin-config-3', server: '${PORTAL}', path: '${path}', size: '10Gi' }),`;
    operator.describe(described.replace('      ],', `        ${share}\n      ],`));
    const pods = await podsOfApps(fixture.lab);
    const { stdout: planned } = await operator.lunward('plan', 'jellyfin');
    const approval = ['--json', '--approve', digestIn(planned)];
    const { code, stdout, stderr } = await operator.lunward('migrate', 'jellyfin', ...approval);
    console.log(stdout, stderr);
    const { error } = JSON.parse(stdout);
    expect([code, error.code]).toEqual([1, 'step-declined']);
    expect(error.message).toMatch(/1234:5678 belongs to 1000:1000 .*no_all_squash/);
    expect(await fixture.lab.nas.run('find', [`/pool${path}`, '-type', 'f'])).toBe('');
    expect([await replicas(), await podsOfApps(fixture.lab)]).toEqual(['1', pods]);
    operator.describe(described);
  }, 300_000);

  it('is not stopped for a rollback whose old claim is gone; what is advised brings that back', async () => {
    await kubectl('delete', 'pvc', 'jellyfin-config');
    await until(
      'Released',
      60,
      () => kubectl('get', 'pv', 'jellyfin-config', '-o', 'jsonpath={.status.phase}'),
      (phase) => phase === 'Released',
    );
    const pods = await podsOfApps(fixture.lab);
    const { code, stdout } = await operator.lunward('rollback', 'jellyfin', '--json');
    const { error } = JSON.parse(stdout);
    expect([code, error.code, codes(error.advice)]).toEqual([3, 'no-way-back', ['volume-not-available']]);
    expect([await replicas(), await podsOfApps(fixture.lab)]).toEqual(['1', pods]);
    await giveBack(error.advice[0].remedy);
    await until(
      'Available',
      60,
      () => kubectl('get', 'pv', 'jellyfin-config', '-o', 'jsonpath={.status.phase}'),
      (phase) => phase === 'Available',
    );
    const { code: asked, stdout: plan } = await operator.lunward('rollback', 'jellyfin');
    expect([asked, digestIn(plan)], plan).toEqual([3, expect.stringMatching(/./)]);
    await rowsGoOn();
  }, 300_000);
});
