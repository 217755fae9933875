import { isDeepStrictEqual } from 'node:util';
import type { V1PersistentVolume, V1PersistentVolumeClaim } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};
import { UserError } from '../../core/problems';
import { bytesOf, storageSize } from '../../core/quantity';
import type { GrownVolume } from '../../scripts/lun/grow-volume';
import { type DataVolume, type Identity, isMovable, movable } from '../../storage/registry';
import type { FileSystemSlots } from '../../storage/target';
import { isPersistent, kindOf } from '../../volumes/kinds';
import { sourceDifferences } from '../../volumes/source-differences';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { MediaAppModel } from '../../workload/model';
import type { AppContext } from '../app-context';
import { signalOf } from '../cutover/interrupted';
import type { JournalEntry } from '../journal/entry';
import type { Journal } from '../journal/journal';
import { requireKind } from '../journal/journaled-target';
import type { RunOptions } from '../ports';
import { findVerificationNode, sealedPropsOf, type VerificationNode } from '../survey/verification-node';
import { command } from './command';

export interface ResizeOptions extends RunOptions {
  /** Mount path of the volume, where the app has more than one LUN. */
  readonly mount?: string;
}

/** What a volume was grown to. */
export interface Resized {
  readonly app: string;
  readonly mountPath: string;
  readonly volume: DataVolume;
  /** As the operator wrote it. */
  readonly size: string;
  /** What the PersistentVolume had. */
  readonly before: string;
  readonly place: VerificationNode;
  readonly grown: GrownVolume;
  /** What the claim asks for, which stays. */
  readonly asked?: string;
}

/**
 * Gives an app's volume all of its LUN, after that was grown on the NAS: the file system, while the app runs, then the journal, then the
 * PersistentVolume. It can be run again wherever it was cut off. An interruption counts until the file system begins to grow.
 *
 * Its claim stays as it is: Kubernetes has no way to change what a claim without a storage class asks for
 * (plugin/pkg/admission/storage/persistentvolume/resize), and the in-tree driver no way to grow a volume.
 *
 * @param size as Kubernetes writes it
 * @throws UserError where the size is none, or less than the volume has; where the LUN is not known as sealed, or is smaller
 */
export async function resize(
  free: AppContext,
  size: string,
  { mount, signal: operator }: ResizeOptions = {},
): Promise<Resized> {
  if (!storageSize.safeParse(size).success) {
    throw new UserError(`"${size}" is no size: expected one as Kubernetes writes it, such as 20Gi`, {
      category: 'usage',
      code: 'size-invalid',
    });
  }
  return command(free, async (context, lease) => {
    const signal = signalOf(lease.signal, operator);
    const journal = await context.journal();
    const { client, nodes, model, app } = context;
    const { volume, latest, mountPath, fileSystems } = volumeToGrow(app, model, journal, mount);
    const before = await requireNotLess(context, volume, size);
    const place = await findVerificationNode(volume, latest, { client, nodes, model, signal });
    const sealed = sealedPropsOf(volume, latest, place, await context.chap(volume));
    const script = fileSystems.grow(volume, { ...sealed, identity: latest.target }, bytesOf(size));
    signal.throwIfAborted();
    // From here on it takes moments, and stopping would leave a journal that knows another size than the LUN has.
    const report = await place.node.runner.run(script);
    if (report.result === 'declined')
      throw new UserError(`node ${place.node.name} declined: ${report.reason}`, { code: 'step-declined' });
    await writeIdentity(journal, volume, latest, fileSystems.grown(latest.target, report.facts));
    await setCapacity(context, volume, size);
    const claim = await claimOf(context, volume);
    const asked = claim?.spec?.resources?.requests?.storage;
    return { app, mountPath, volume, size, before, place, grown: report.facts, ...(asked && { asked }) };
  });
}

/**
 * The volume that is meant, as the journal knows it.
 *
 * @throws UserError where it is none, more than one, or not sealed
 */
export function volumeToGrow(
  app: string,
  { mounts }: MediaAppModel,
  journal: Pick<Journal, 'live' | 'latest' | 'cutover'>,
  mountPath?: string,
): {
  readonly volume: DataVolume;
  readonly latest: JournalEntry;
  readonly mountPath: string;
  readonly fileSystems: FileSystemSlots<DataVolume, Identity, unknown>;
} {
  if (journal.cutover) {
    throw new UserError(
      `${app} is changing its volumes: "lunward status ${app}" says how that is ended; nothing was changed`,
      { category: 'refused', code: 'move-under-way' },
    );
  }
  const candidates = mounts.flatMap(({ mountPath: path, volume }) => {
    const fileSystems = isPersistent(volume) && isMovable(volume) ? movable(volume).fileSystems : undefined;
    return fileSystems ? [{ path, volume: volume as DataVolume, fileSystems }] : [];
  });
  const [found, ...others] = candidates.filter(({ path }) => mountPath === undefined || path === mountPath);
  const paths = candidates.map(({ path }) => path).join(', ');
  if (!found) {
    const where = mountPath === undefined ? '' : ` at ${mountPath}`;
    throw new UserError(
      `App "${app}" has no LUN that is live${where}: ${paths ? `expected ${paths}` : '"lunward status" says what is'}`,
      { category: 'usage', code: 'no-such-volume' },
    );
  }
  if (others.length > 0)
    throw new UserError(`App "${app}" has LUNs at ${paths}: say which one is meant, with --mount`, {
      category: 'usage',
      code: 'mount-ambiguous',
    });
  const { path, volume, fileSystems } = found;
  const isOnly = mounts.find(({ mountPath: own }) => own === path)?.generations.length === 1;
  const live = journal.live[path];
  if (live && live !== volume.name) {
    throw new UserError(
      `lunward.lock.json says that ${volume.name} is live at ${path}, the journal says ${live}: "lunward status ${app} --write-lock" writes what the journal says`,
      { category: 'refused', code: 'lock-differs' },
    );
  }
  const latest = journal.latest(persistentVolumeName(volume));
  if (latest?.state !== 'sealed') {
    throw new UserError(
      `PersistentVolume ${persistentVolumeName(volume)} is not known as sealed (the journal says ${latest?.state ?? 'nothing of it'}), so which disk it is can't be proven: ${unsealedRemedy(app, isOnly && latest === undefined)}`,
      { category: 'refused', code: 'not-sealed' },
    );
  }
  return { volume, latest: requireKind(volume, latest), mountPath: path, fileSystems };
}

/** Only a first volume is adopted: of another one nothing proves that it has all that the app wrote to those before. */
function unsealedRemedy(app: string, isAdoptable: boolean): string {
  return isAdoptable
    ? `stop ${app}, and "lunward seal ${app}" adopts a LUN that holds the app's data`
    : `describe a larger LUN after the others, and "lunward migrate ${app}" moves the data there`;
}

/** @returns what its PersistentVolume says. @throws UserError where that is more, of other bytes, or there is none */
async function requireNotLess({ client, namespace }: AppContext, volume: DataVolume, size: string): Promise<string> {
  const found = (await client.read(persistentVolumeOf(volume, namespace))) as V1PersistentVolume | undefined;
  const name = persistentVolumeName(volume);
  const capacity = found?.spec?.capacity?.storage;
  if (!capacity)
    throw new UserError(`PersistentVolume ${name} is not in the cluster, or has no capacity: apply it first`, {
      code: 'volume-missing',
    });
  const elsewhere = sourceDifferences(volume, namespace, found?.spec ?? {});
  if (elsewhere.length > 0) {
    throw new UserError(
      `PersistentVolume ${name} keeps its data elsewhere than is described: ${elsewhere.join('; ')}. Describe it as the cluster has it. Nothing was changed`,
      { category: 'refused', code: 'stored-elsewhere' },
    );
  }
  if (bytesOf(size) >= bytesOf(capacity)) return capacity;
  throw new UserError(
    `PersistentVolume ${name} has ${capacity}, and ${size} is less: a volume is never made smaller. Nothing was changed`,
    { category: 'usage', code: 'size-invalid' },
  );
}

/** What it is sealed as, and since when, stays; by this size its disk is recognised from now on. */
async function writeIdentity(
  journal: Journal,
  volume: DataVolume,
  latest: JournalEntry,
  target: Identity,
): Promise<void> {
  if (isDeepStrictEqual(latest.target, target)) return;
  const entries = [[persistentVolumeName(volume), { ...latest, target }]] as const;
  await journal.transition({ cutover: undefined, entries });
}

async function setCapacity({ client, namespace }: AppContext, volume: DataVolume, size: string): Promise<void> {
  const { apiVersion, kind, metadata } = persistentVolumeOf(volume, namespace);
  const { name } = metadata;
  const patched = await client.patch({ apiVersion, kind, metadata: { name }, spec: { capacity: { storage: size } } });
  if (!patched) {
    throw new UserError(
      `PersistentVolume ${name} is gone; the file system has all of its LUN by now: apply the description, with size: '${size}'`,
      { code: 'volume-missing' },
    );
  }
}

function persistentVolumeOf(volume: DataVolume, namespace: string) {
  const manifest = kindOf(volume).persistentVolume(volume, namespace);
  if (!manifest) throw new Error(`no PersistentVolume is made of ${volume.name}`);
  return manifest;
}

async function claimOf(
  { client, namespace }: AppContext,
  volume: DataVolume,
): Promise<V1PersistentVolumeClaim | undefined> {
  const metadata = { name: volume.name, namespace: volume.namespace ?? namespace };
  return (await client.read({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata })) as
    | V1PersistentVolumeClaim
    | undefined;
}
