import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../until';
import { useLab } from './fixture';
import { description, IQN, PATH, runJellyfin, SIZE } from './jellyfin';
import { expectNothingLeftOn } from './nothing-left';
import { digestIn, Operator } from './operator';
import { seenJellyfin } from './seen-jellyfin';
import { podsOfApps } from './somebodys-app';

/** Longer than the kernel waits for a target: 120 s. */
const AWAY_SECONDS = 200;

const fixture = useLab({ podsOn: ['node-b'] });
const { journal, rowsGoOn, replicas, claimOfPods } = seenJellyfin(fixture);
let operator: Operator;
let digest: string;

const stateOf = async (volume: string) => (await journal()).volumes[volume].at(-1).state;

/** Moves the app, and takes the NAS from everybody for a while once a unit of that is at work. @returns how it ended */
async function whileAway(unit: string, phase: 'prepare' | undefined) {
  const { lab } = fixture;
  const onlyTo = phase ? ['--until', phase] : [];
  const command = operator.begin(['migrate', 'jellyfin', '--json', ...onlyTo, '--approve', digest]);
  const units = ['list-units', '--plain', '--no-legend', '--state=active,activating', `lunward-${unit}*`];
  const works = async () => (await lab.node('node-a').run('systemctl', units)).trim();
  await command.during(until(`${unit} at work`, 600, works));
  const cut = await lab.cutLink('nas');
  await sleep(AWAY_SECONDS * 1000);
  await cut.undo();
  const ended = await command.ended;
  console.log(ended.stdout, ended.stderr);
  return ended;
}

beforeAll(async () => {
  const { nas } = fixture.lab;
  operator = await Operator.of(fixture.lab, description());
  await nas.exportNfs({ path: PATH, rootSquash: false });
  // So that it takes a while to copy.
  await nas.script('nas/files.sh', [PATH, '1', '12M', '150'], { timeoutSeconds: 300 });
  await nas.createLun({ iqn: IQN, lun: 1, size: SIZE });
  await runJellyfin(fixture.lab);
  digest = digestIn((await operator.lunward('plan', 'jellyfin')).stdout);
}, 1_200_000);
afterAll(() => operator?.remove());

describe(`an app whose NAS is away for ${AWAY_SECONDS} s`, () => {
  it('goes on with all its rows where that was while it was prepared, and the same command finishes', async () => {
    const pods = await podsOfApps(fixture.lab);
    await whileAway('copy', 'prepare');
    expect(await podsOfApps(fixture.lab)).toBe(pods);
    await rowsGoOn();
    const again = await operator.lunward('migrate', 'jellyfin', '--until', 'prepare', '--approve', digest);
    expect([again.code, again.stderr], again.stdout).toEqual([0, '']);
    expect(await stateOf('jellyfin-config-2')).toBe('prepared');
    await rowsGoOn();
  }, 1_500_000);

  it('runs with all its rows on the volume that the command says, where that was during the last copy', async () => {
    const { code, stdout } = await whileAway('final', undefined);
    const isMoved = code === 0;
    const claim = isMoved ? 'jellyfin-config-2' : 'jellyfin-config';
    if (!isMoved) expect(JSON.parse(stdout).error.message).toContain('It runs on its old volume again');
    expect([await replicas(), await claimOfPods()]).toEqual(['1', claim]);
    await rowsGoOn();
    expect((await journal()).cutover).toBeUndefined();
    await expectNothingLeftOn(fixture.lab.node('node-a'));
  }, 1_500_000);
});
