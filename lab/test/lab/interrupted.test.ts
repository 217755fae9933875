import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import { SshUnit } from '../../../lib/nodes/ssh/ssh-unit';
import { hashTrees } from '../../../lib/scripts/copy/hash-trees';
import { type WarmCopied, warmCopy } from '../../../lib/scripts/copy/warm-copy';
import { unitName } from '../../../lib/scripts/unit/unit';
import { BuildingVolumes, MOUNTED } from './building-volumes';
import { PORTAL, useLab, useSsh } from './fixture';
import { expectNothingLeftOn } from './nothing-left';
import { whenCopied } from './when-copied';

const fixture = useLab({ podsOn: [] });
useSsh(fixture);
const executor = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });
const volumes = new BuildingVolumes(fixture, executor);
const FOLDER = '/volume2/interrupted';
const FILES = 150;
let volume: Awaited<ReturnType<typeof volumes.make>>;
let unit: SshUnit<WarmCopied>;
let hashing: SshUnit<unknown>;

/** Begins to copy; resolves once some of it is done. */
async function beginCopy(): Promise<void> {
  await unit.start();
  await whenCopied(fixture.lab.node('node-a'), unit.name, FILES / 3);
}

/** It may end in any way: what counts is the next run. */
const ended = () => unit.reattach().catch((error: Error) => error);
const restarted = { code: 'unit-lost', message: expect.stringContaining('the node was started again') };

/**
 * After a power loss a file may have its size and time on the disk without its bytes. A second copy does not notice
 * that, but the hashes do, which are made after every copy.
 */
async function expectFinished(): Promise<void> {
  for (const one of [unit, hashing]) {
    await one.start();
    const report = await one.reattach();
    expect(report, JSON.stringify(report)).toMatchObject({ result: expect.stringMatching(/changed/) });
  }
  await expectWhole();
}

async function expectWhole(): Promise<void> {
  await expectNothingLeftOn(fixture.lab.node('node-a'));
  const scan = ['contents', 'entries'];
  await volumes.mounted(volume, 'ro', async (machine) => {
    for (const what of scan) {
      expect(await machine.script('machines/scan-tree.sh', [what, MOUNTED])).toBe(
        await fixture.lab.nas.script('machines/scan-tree.sh', [what, FOLDER]),
      );
    }
  });
}

beforeAll(async () => {
  const { lab } = fixture;
  await lab.nas.exportNfs({ path: FOLDER, rootSquash: false });
  await lab.nas.script('nas/files.sh', [FOLDER, '1', '12M', String(FILES)], { timeoutSeconds: 300 });
  // Files changed within two seconds before the last change are not trusted.
  await sleep(3000);
  await lab.nas.write(`${FOLDER}/last`, '');
  volume = await volumes.make('interrupted', '48Mi');
  const props = { ...volume, source: { server: PORTAL, path: FOLDER } };
  unit = new SshUnit(executor, unitName('copy', volume.attempt), warmCopy(props));
  hashing = new SshUnit(executor, unitName('hash', volume.attempt), hashTrees(props));
}, 1_200_000);
afterEach(async () => {
  // The next test copies everything again.
  await volumes.mounted(volume, 'rw', async (machine) => {
    await machine.run('find', [MOUNTED, '-type', 'f', '!', '-path', '*/.lunward/*', '-delete']);
  });
});

describe('a copy continues, or is completed by the next run, if', () => {
  it('the connection to its node is cut', async () => {
    await beginCopy();
    const cut = await fixture.lab.cutControl('node-a');
    const report = unit.reattach();
    await sleep(20_000);
    await cut.undo();
    expect(await report).toMatchObject({ result: 'changed' });
    await expectWhole();
  }, 600_000);

  it('the NAS is unreachable for a while', async () => {
    await beginCopy();
    const cut = await fixture.lab.cutLink('nas');
    await sleep(20_000);
    await cut.undo();
    await ended();
    await expectFinished();
  }, 600_000);

  it('its node restarts', async () => {
    await beginCopy();
    await fixture.lab.reboot('node-a');
    expect(await ended()).toMatchObject(restarted);
    await expectNothingLeftOn(fixture.lab.node('node-a'));
    await expectFinished();
  }, 900_000);

  it('its node loses its power', async () => {
    await beginCopy();
    await (await fixture.lab.powerOff('node-a')).undo();
    expect(await ended()).toMatchObject(restarted);
    await expectFinished();
  }, 900_000);

  it('the NAS restarts', async () => {
    await beginCopy();
    await fixture.lab.reboot('nas');
    await ended();
    await expectFinished();
  }, 900_000);
});
