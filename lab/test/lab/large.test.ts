import { beforeAll, describe, expect, it } from 'vitest';
import { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import { SshUnit } from '../../../lib/nodes/ssh/ssh-unit';
import { hashTrees } from '../../../lib/scripts/copy/hash-trees';
import { probeSource } from '../../../lib/scripts/copy/probe-source';
import { warmCopy } from '../../../lib/scripts/copy/warm-copy';
import type { Script } from '../../../lib/scripts/script';
import { unitName } from '../../../lib/scripts/unit/unit';
import type { LabMachine } from '../../machine';
import { BuildingVolumes, MOUNTED } from './building-volumes';
import { PORTAL, useLab, useSsh } from './fixture';
import { expectNothingLeftOn } from './nothing-left';

const fixture = useLab({ podsOn: [] });
useSsh(fixture);
const node = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });
const volumes = new BuildingVolumes(fixture, node);
// NFS 3, as many users mount theirs: NFS 4 would also open and close each of the small files at the server.
const source = { server: PORTAL, path: '/volume2/large', mountOptions: ['nfsvers=3', 'nolock'] };
const SMALL_FILES = 3_000;
const GIBIBYTE = 1024 ** 3;

/** Runs a script as a unit, and returns its facts. */
async function done<Facts>(step: 'copy' | 'hash', { attempt }: Parameters<typeof warmCopy>[0], script: Script<Facts>) {
  const unit = new SshUnit(node, unitName(step, attempt), script);
  await unit.start();
  const report = await unit.reattach();
  if (report.result === 'declined') throw new Error(report.reason);
  return report.facts;
}

const contents = (machine: LabMachine, folder: string) =>
  machine.script('machines/scan-tree.sh', ['contents', folder], { timeoutSeconds: 300 });

beforeAll(async () => {
  const { nas } = fixture.lab;
  await nas.exportNfs({ path: source.path, rootSquash: false });
  await nas.script('nas/large-tree.sh', [source.path, '1', String(SMALL_FILES)], { timeoutSeconds: 600 });
}, 1_200_000);

describe('a file of a gigabyte and thousands of small ones', () => {
  it('are copied and hashed, each byte read once for that', async () => {
    const { bytes, files } = await volumes.facts(probeSource(source));
    expect(files).toBe(SMALL_FILES + 2);
    expect(bytes).toBeGreaterThan(GIBIBYTE);
    const props = { ...(await volumes.make('large', '1200Mi')), source };
    const { passes, remainder } = await done('copy', props, warmCopy(props));
    expect([passes.at(-1)?.files, remainder]).toEqual([0, 0]);
    const { bytesRead, ...hashed } = await done('hash', props, hashTrees(props));
    // All but the file that was written last.
    expect(hashed).toMatchObject({ trusted: files - 1, same: files - 1, untrusted: 1, differing: { count: 0 } });
    expect(bytesRead.source).toBeLessThan(bytes * 1.05);
    await expectNothingLeftOn(fixture.lab.node('node-a'));
    await volumes.mounted(props, 'ro', async (machine) => {
      const [copied, original] = await Promise.all([
        contents(machine, MOUNTED),
        contents(fixture.lab.nas, source.path),
      ]);
      expect(copied).toBe(original);
    });
  }, 1_800_000);
});
