import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import { verifyVolume } from '../../../lib/scripts/copy/verify-volume';
import type { DeclineCode } from '../../../lib/scripts/decline-codes';
import { growVolume } from '../../../lib/scripts/lun/grow-volume';
import { useLab, useSsh } from './fixture';
import { iqnOf } from './log-in';
import { expectNothingLeftOn } from './nothing-left';
import { digestIn, Operator } from './operator';
import { errorIn } from './printed-json';
import { type SealedLunProps, SealedVolume } from './sealed-volume';

const fixture = useLab({ podsOn: [] });
useSsh(fixture);
const node = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });
const FOLDER = '/volume2/grown';
const APP = '/mnt/app';
const MIB = 1024 ** 2;

let volume: SealedVolume;
const machine = () => fixture.lab.node('node-a');
const on = (command: string) => machine().run('bash', ['-ec', `cd ${APP}; ${command}`], { timeoutSeconds: 120 });
const grown = (props: SealedLunProps, mebibytes: number) =>
  growVolume({ ...props, wantedBytes: mebibytes * MIB, mostBytes: Math.floor(mebibytes * MIB * 1.01) });
const declined = (code: DeclineCode, named = /./) => ({
  result: 'declined',
  code,
  reason: expect.stringMatching(named),
});
/** A LUN that is known to have been larger. */
const knownAs = (props: SealedLunProps, mebibytes: number) => ({
  ...props,
  target: { ...props.target, bytes: mebibytes * MIB },
});

beforeAll(async () => {
  const { nas } = fixture.lab;
  await nas.exportNfs({ path: FOLDER, rootSquash: false });
  await nas.write(`${FOLDER}/file`, 'kept\n');
  volume = await SealedVolume.of(fixture.lab, node, { name: 'grown', size: '64Mi', source: FOLDER });
}, 1_200_000);

describe('a volume in use', () => {
  it('gets all of its grown LUN, while it is written to', async () => {
    await volume.used(machine(), APP, async (props) => {
      expect(await node.run(grown(props, 128))).toMatchObject(declined('other-size', /\b67108864\b.*\b134217728\b/));
      expect(await node.run(grown(props, 64))).toMatchObject({ result: 'unchanged' });
      await fixture.lab.nas.growLun(volume.lun, '128Mi');
      const writing = `for ((n = 0; ; n++)); do seq $n 9999 >${APP}/log; sync ${APP}/log; done`;
      await machine().run('systemd-run', ['--unit=app', '--collect', 'bash', '-c', writing]);
      const report = await node.run(grown(props, 128));
      expect(report).toMatchObject({ result: 'changed', facts: { fileSystem: 'ext4', lunBytes: 128 * MIB } });
      const { before, after } = (report as { facts: { capacity: { before: number; after: number } } }).facts.capacity;
      // The file system's own share grows a little as well.
      expect([before, after - before]).toEqual([expect.closeTo(57 * MIB, -7), expect.closeTo(60 * MIB, -7)]);
      await machine().run('systemctl', ['stop', 'app']);
      expect(await on('cat file; df --output=size --block-size=1 . | tail --lines=1')).toBe(`kept\n${after}\n`);
      expect(await node.run(grown(props, 128))).toMatchObject({
        result: 'unchanged',
        facts: { capacity: { before: after, after } },
      });
      // A script with the old size does not take the disk for the planned one.
      const look = verifyVolume({ ...props, readsFiles: false });
      expect(await node.run(look)).toMatchObject(declined('other-size', /\b134217728\b.*\b67108864\b/));
    });
    await expectNothingLeftOn(machine());
    expect(await volume.facts(verifyVolume({ ...knownAs(volume.props, 128), readsFiles: true }))).toMatchObject({
      same: { files: 1 },
      damaged: { files: { count: 0 } },
    });
  }, 600_000);

  it('is declined if it is another one, or does not fit the requested size', async () => {
    await volume.used(machine(), APP, async (props) => {
      const wwn = '0x6001405ffffffffffffffffffffffffff';
      for (const [more, mebibytes, code, named] of [
        [{ ...props, target: { ...props.target, wwn } }, 128, 'other-lun', new RegExp(wwn)],
        [{ ...props, attempt: { ...props.attempt, attempt: 2 } }, 128, 'other-marker', /"1".*"2"/],
        [
          { ...props, attempt: { ...props.attempt, uuid: props.attempt.uuid.replace('6f', '6e') } },
          128,
          'other-file-system',
          /./,
        ],
        [{ ...props, isUsed: false }, 128, 'in-use', /\bmounted\b/],
        [knownAs(props, 160), 128, 'other-size', /\b134217728\b.*\b167772160\b/],
        [props, 100, 'other-size', /\b134217728\b.*\b104857600\b/],
      ] as const) {
        expect(await node.run(grown(more, mebibytes))).toMatchObject(declined(code, named));
      }
      await on(`mount -o remount,ro ${APP}`);
      await fixture.lab.nas.growLun(volume.lun, '160Mi');
      expect(await node.run(grown(props, 160))).toMatchObject(declined('not-grown'));
    });
    expect(await node.run(grown({ ...volume.props, isUsed: true }, 160))).toMatchObject(declined('app-ended'));
    await expectNothingLeftOn(machine());
  }, 600_000);

  it('of XFS grows as well', async () => {
    const xfs = await SealedVolume.of(fixture.lab, node, { name: 'xfs', size: '320Mi', source: FOLDER, type: 'xfs' });
    await fixture.lab.nas.growLun(xfs.lun, '400Mi');
    await xfs.used(
      machine(),
      APP,
      async (props) => {
        expect(await node.run(grown(props, 400))).toMatchObject({ result: 'changed', facts: { fileSystem: 'xfs' } });
        expect(await node.run(grown(props, 400))).toMatchObject({ result: 'unchanged' });
        expect(await on('cat file')).toBe('kept\n');
      },
      'noatime',
    );
    await fixture.lab.nas.growLun(xfs.lun, '480Mi');
    expect(await node.run(grown(xfs.props, 480))).toMatchObject({ result: 'changed' });
    await expectNothingLeftOn(machine());
  }, 600_000);
});

describe('an unused volume', () => {
  it('gets all of its grown LUN', async () => {
    await fixture.lab.nas.growLun(volume.lun, '192Mi');
    const report = await node.run(grown(volume.props, 192));
    expect(report).toMatchObject({ result: 'changed', facts: { lunBytes: 192 * MIB } });
    expect(await node.run(grown(volume.props, 192))).toMatchObject({ result: 'unchanged' });
    await expectNothingLeftOn(machine());
    await volume.used(machine(), APP, async () => expect(await on('cat file')).toBe('kept\n'));
  }, 300_000);
});

describe('lunward resize', () => {
  const describeApp = (size: string) => `import { defineCluster, iscsi, sonarr } from 'lunward';

export default defineCluster({
  context: 'lab',
  nodes: { 'node-a': { ssh: 'admin@192.0.2.210' }, 'node-b': { ssh: 'root@192.0.2.211' } },
  namespace: 'media',
  apps: {
    sonarr: sonarr({
      image: 'lscr.io/linuxserver/sonarr:4.0.15',
      replicas: 0,
      config: iscsi({ name: 'first', targetPortal: '192.0.2.200:3260', iqn: '${iqnOf('first')}', lun: 1, ${size} }),
    }),
  },
});
`;
  let operator: Operator;
  const kubectl = (...args: readonly string[]) => fixture.lab.kubectl(['--namespace', 'media', ...args]);
  const apply = async (size: string) => {
    operator.describe(describeApp(size));
    const output = join(operator.folder, 'dist');
    const { code, stderr } = await operator.lunward('synth', '--output', output);
    expect(code, stderr).toBe(0);
    await fixture.lab.kubectl(['apply', '--recursive', '--filename', output]);
  };
  const capacity = () => kubectl('get', 'pv', 'first', '-o', 'jsonpath={.spec.capacity.storage}');

  beforeAll(async () => {
    const lun = await fixture.lab.nas.createLun({ iqn: iqnOf('first'), lun: 1, size: '64Mi' });
    operator = await Operator.of(fixture.lab, describeApp("size: '64Mi'"));
    await fixture.lab.kubectl(['create', 'namespace', 'media']);
    const { stdout } = await operator.lunward('plan', 'sonarr');
    const formatted = await operator.lunward('format', 'sonarr', '--approve', digestIn(stdout));
    expect(formatted.code, formatted.stderr).toBe(0);
    await apply("size: '64Mi'");
    await fixture.lab.nas.growLun(lun, '128Mi');
  }, 600_000);
  afterAll(() => operator?.remove());

  it('refuses a smaller size, no size, and a size that the LUN does not have yet', async () => {
    const refused = async (size: string) => {
      const { code, stdout } = await operator.lunward('resize', 'sonarr', size, '--json');
      return { ...errorIn(stdout), exit: code };
    };
    const matching = (words: RegExp) => expect.stringMatching(words);
    expect(await refused('32Mi')).toMatchObject({ exit: 2, code: 'size-invalid', message: matching(/64Mi.*32Mi/) });
    expect(await refused('128')).toMatchObject({ exit: 2 });
    expect(await refused('20GB')).toMatchObject({ exit: 2, code: 'size-invalid', message: matching(/"20GB"/) });
    const sizes = matching(new RegExp(`\\b${128 * MIB} bytes\\b.*\\b${256 * MIB}\\b`));
    expect(await refused('256Mi')).toMatchObject({ exit: 1, code: 'step-declined', message: sizes });
    expect(await capacity()).toBe('64Mi');
  }, 300_000);

  it('grows the volume, and prints the line for the description', async () => {
    const { code, stdout, stderr } = await operator.lunward('resize', 'sonarr', '128Mi');
    console.log(stdout);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/which has 128 MiB: its ext4 was grown from .* on node-a, while no pod used it\n/);
    expect(stdout).toContain("\n  size: '128Mi', claimSize: '64Mi',\n");
    expect(await capacity()).toBe('128Mi');
    const journal = await kubectl('get', 'configmap', 'lunward-sonarr', '-o', 'jsonpath={.data.journal}');
    const entries = (JSON.parse(journal) as { volumes: { first: { target: { bytes: number } }[] } }).volumes.first;
    const [before, last] = entries.slice(-2);
    expect(last).toEqual({ ...before, target: { ...before?.target, bytes: 128 * MIB } });
    const again = await operator.lunward('resize', 'sonarr', '128Mi');
    expect(again.stdout).toContain('its ext4 already had all of it');
    const later = await kubectl('get', 'configmap', 'lunward-sonarr', '-o', 'jsonpath={.data.journal}');
    expect(later).toBe(journal);
    await expectNothingLeftOn(machine());
  }, 300_000);

  it('matches the description afterwards, although the claim’s request stays', async () => {
    await expect(apply("size: '128Mi'")).rejects.toThrow(/only dynamically provisioned pvc can be resized/);
    await apply("size: '128Mi', claimSize: '64Mi'");
    expect(await capacity()).toBe('128Mi');
    expect((await operator.lunward('resize', 'sonarr', '128Mi')).stdout).toContain(
      'The description has this size already.',
    );
    expect((await operator.lunward('plan', 'sonarr')).stdout).toContain('is sealed as attempt 1');
  }, 300_000);
});
