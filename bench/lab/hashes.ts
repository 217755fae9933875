import { logIn, logOut, PORTAL } from '../../lab/test/lab/log-in';
import { hashTrees } from '../../lib/scripts/copy/hash-trees';
import { unitName } from '../../lib/scripts/unit/unit';
import { bytesReadFromDisk, bytesServed } from './counters';
import type { Figure } from './figure';
import { runTimed } from './timed-unit';
import type { Workbench } from './workbench';

const PATH = '/volume2/bench/hashes';
const MEBIBYTE = 1024 ** 2;

/** Bytes read to hash a source and its copy, compared with the data that is there. */
export async function benchHashes(bench: Workbench): Promise<Figure[]> {
  const { lab, machine, node, volumes } = bench;
  await bench.makeSource(PATH, { largeFiles: 2, mebibytes: 48, smallFiles: 1000 });
  const volume = await bench.makeVolume('hashes', '512Mi');
  await bench.copy(PATH, volume);
  const sourceBytes = Number.parseInt(await lab.nas.run('du', ['--summarize', '--bytes', PATH]), 10);
  const targetBytes = await volumes.usedBytes(volume);

  // A disk's counters end with its session; a session that exists already stays.
  const device = await logIn(machine, volume.target.iqn);
  try {
    const disk = (await machine.run('realpath', [device])).trim().split('/').at(-1) ?? '';
    const fromDisk = async () => bytesReadFromDisk(await machine.run('cat', [`/sys/block/${disk}/stat`]));
    // Measured at the server: only the unit sees its own mount and its counters.
    const served = async () => bytesServed(await lab.nas.run('cat', ['/proc/net/rpc/nfsd']));
    const before = { source: await served(), target: await fromDisk() };
    const script = hashTrees({ ...volume, source: { server: PORTAL, path: PATH } });
    const { facts } = await runTimed(node, machine, unitName('hash', volume.attempt), script);
    const found = (name: string, bytes: number, data: number): Figure => ({
      name,
      unit: 'MiB',
      ours: { name: 'read', values: [bytes / MEBIBYTE] },
      peer: { name: 'data', values: [data / MEBIBYTE] },
      aim: { most: 1.05 },
    });
    return [
      found('Warm hashes of the source, as the NAS counts it', (await served()) - before.source, sourceBytes),
      found('Warm hashes of the source, as the unit has it from mountstats', facts.bytesRead.source, sourceBytes),
      found('Warm hashes of the LUN, as its disk counts it', (await fromDisk()) - before.target, targetBytes),
    ];
  } finally {
    await logOut(machine, volume.target.iqn);
  }
}
