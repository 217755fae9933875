import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { iqnOf, PORTAL } from '../../lab/test/lab/log-in';
import { type FilePatch, type FinalCopied, finalCopy } from '../../lib/scripts/copy/final-copy';
import { hashTrees } from '../../lib/scripts/copy/hash-trees';
import type { Script } from '../../lib/scripts/script';
import { unitName } from '../../lib/scripts/unit/unit';
import { bytesServed } from './counters';
import type { Figure } from './figure';
import { type Fit, leastSquares } from './fit';
import { runTimed } from './timed-unit';
import type { Workbench } from './workbench';

/** A hundred large files of this many bytes, and this many small files. */
const POINTS = [
  { large: 200_001, small: 400 },
  { large: 1_600_001, small: 400 },
  { large: 200_001, small: 2900 },
  { large: 800_001, small: 1400 },
] as const;
const LARGE_FILES = 100;
/** Not a multiple of 512: only files of whole blocks are opened to check whether they are a database. */
const SMALL_BYTES = 4001;
type Point = (typeof POINTS)[number];

/** One file in this many is changed while the app runs. */
const CHURN = 100;
const SETTINGS = '<Options><LockingBehavior>Optimistic</LockingBehavior></Options>\n';
const PATCH: FilePatch = {
  path: 'database.xml',
  sha256: createHash('sha256').update(SETTINGS).digest('hex'),
  text: SETTINGS.replace('Optimistic', 'NoLock'),
};
const PARTS = ['list', 'copy', 'scan', 'compare', 'hash', 'databases', 'seal'] as const;
const MEBIBYTE = 1024 ** 2;

const amountOf = ({ large, small }: Point) => ({
  mebibytes: (LARGE_FILES * large + small * SMALL_BYTES) / MEBIBYTE,
  files: LARGE_FILES + small,
});
const nameOf = (point: Point) => `${amountOf(point).files} files, ${Math.round(amountOf(point).mebibytes)} MiB`;

interface Measured {
  readonly seconds: number;
  /** Bytes that the server read meanwhile. */
  readonly served: number;
}

interface MeasuredPoint {
  readonly ours: Measured & { readonly facts: FinalCopied };
  readonly byHand: Measured;
}

/**
 * What is copied while an app is down, after it was copied and hashed and a hundredth of it has changed; compared with
 * copying everything by hand.
 */
export async function benchLastCopy(bench: Workbench): Promise<Figure[]> {
  // The node runs no pods: without them an emulated node has a third more time for everything else.
  await bench.machine.run('systemctl', ['stop', 'kubelet', 'containerd']);
  const figures: Figure[] = [];
  const samples: { readonly point: Point; readonly measured: MeasuredPoint }[] = [];
  for (const [index, point] of POINTS.entries()) {
    const measured = await measure(bench, point, index);
    samples.push({ point, measured });
    figures.push(...figuresOf(point, measured));
    const { seconds, facts } = measured.ours;
    const parts = PARTS.map((part) => `${part} ${(facts.milliseconds[part] / 1000).toFixed(1)}`).join(', ');
    console.log(
      `${nameOf(point)}: ${seconds.toFixed(1)} s (${parts}), by hand ${measured.byHand.seconds.toFixed(1)} s`,
    );
  }
  const fitted = (seconds: (measured: MeasuredPoint) => number): Fit =>
    leastSquares(samples.map(({ point, measured }) => ({ ...amountOf(point), seconds: seconds(measured) })));
  const [our, their] = [fitted(({ ours }) => ours.seconds), fitted(({ byHand }) => byHand.seconds)];
  for (const part of PARTS) {
    console.log(`  ${part}: ${fitText(fitted(({ ours }) => ours.facts.milliseconds[part] / 1000))}`);
  }
  console.log(`  all of it: ${fitText(our)}\n  by hand: ${fitText(their)}`);
  const grown = (name: string, of: (one: Fit) => number): Figure => ({
    name: `The last copy and the copy by hand, fitted: ${name}`,
    unit: 's',
    ours: { name: 'lunward', values: [of(our)] },
    peer: { name: 'by hand', values: [of(their)] },
  });
  return [
    ...figures,
    { ...grown('what 100 MiB add', ({ perMebibyte }) => perMebibyte * 100), aim: { most: 0.05 } },
    { ...grown('what 1,000 files add', ({ perFile }) => perFile * 1000), aim: { most: 0.05 } },
    grown('what is there without data', ({ constant }) => constant),
  ];
}

/** Copies and hashes, changes something, and measures both ways; each comes first in turn. */
async function measure(bench: Workbench, point: Point, index: number): Promise<MeasuredPoint> {
  const { nas } = bench.lab;
  const name = `last-copy-${index}`;
  const path = `/volume2/bench/${name}`;
  const size = `${Math.ceil(amountOf(point).mebibytes * 1.2) + 64}Mi`;
  const sizes = { largeBytes: point.large, smallBytes: SMALL_BYTES };
  await bench.makeSource(path, { ...sizes, largeFiles: LARGE_FILES, smallFiles: point.small });
  await nas.write(`${path}/${PATCH.path}`, SETTINGS);
  // Files changed within two seconds before the last change are not trusted.
  await sleep(3000);
  await nas.write(`${path}/last`, '');
  const lun = await nas.createLun({ iqn: `${iqnOf(name)}-by-hand`, lun: 1, size });
  const volume = await bench.makeVolume(name, size);
  const copy = { ...volume, source: { server: PORTAL, path } };
  const unit = <Facts>(work: 'hash' | 'final', script: Script<Facts>) =>
    bench.step(`${work}, a unit`, () => runTimed(bench.node, bench.machine, unitName(work, volume.attempt), script));
  await bench.copy(path, volume);
  await unit('hash', hashTrees(copy));
  await bench.makeSource(path, { ...sizes, largeFiles: LARGE_FILES / CHURN, smallFiles: point.small / CHURN });

  const served = async () => bytesServed(await nas.run('cat', ['/proc/net/rpc/nfsd']));
  const withServed = async <Result>(work: () => Promise<Result>) => {
    const before = await served();
    const result = await work();
    return { ...result, served: (await served()) - before };
  };
  const ours = () => withServed(() => unit('final', finalCopy({ ...copy, patches: [PATCH] })));
  const byHand = () =>
    withServed(() => bench.step('by hand', async () => ({ seconds: await bench.moveByHand(path, lun.iqn) })));
  const first = index % 2 === 0 ? await ours() : undefined;
  const theirs = await byHand();
  const measured = { ours: first ?? (await ours()), byHand: theirs };

  // The pool is not large.
  for (const each of [lun, { ...volume.target, name: `${name}-1` }]) await nas.deleteLun(each);
  await nas.unexportNfs(path);
  await nas.run('rm', ['--recursive', `/pool${path}`]);
  return measured;
}

function figuresOf(point: Point, { ours, byHand }: MeasuredPoint): Figure[] {
  const what = nameOf(point);
  const data = { name: 'data', values: [amountOf(point).mebibytes] };
  return [
    {
      name: `${what}, a hundredth of them changed: the last copy, whole`,
      unit: 's',
      ours: { name: 'lunward', values: [ours.seconds] },
      peer: { name: 'all by hand', values: [byHand.seconds] },
    },
    {
      name: `${what}: read from the NAS meanwhile, as it counts`,
      unit: 'MiB',
      ours: { name: 'lunward', values: [ours.served / MEBIBYTE] },
      peer: { name: 'all by hand', values: [byHand.served / MEBIBYTE] },
    },
    {
      name: `${what}: read from the NAS by the last copy, as mountstats have it`,
      unit: 'MiB',
      ours: { name: 'lunward', values: [ours.facts.bytesRead.source / MEBIBYTE] },
      peer: data,
    },
    {
      name: `${what}: read from the LUN by the last copy, as its disk counts it`,
      unit: 'MiB',
      ours: { name: 'lunward', values: [ours.facts.bytesRead.target / MEBIBYTE] },
      peer: data,
    },
  ];
}

const fitText = ({ constant, perMebibyte, perFile }: Fit) =>
  `${constant.toFixed(1)} s, ${(perMebibyte * 100).toFixed(2)} s for 100 MiB, ${(perFile * 1000).toFixed(2)} s for 1,000 files`;
