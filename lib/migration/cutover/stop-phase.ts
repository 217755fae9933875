import { createHash } from 'node:crypto';
import { UserError } from '../../core/problems';
import { untilAsked } from '../../kubernetes/until-asked';
import { answered } from '../../nodes/run-script';
import type { ReachedNode } from '../../nodes/runner';
import type { FilePatch, FinalCopied } from '../../scripts/copy/final-copy';
import { scanSource } from '../../scripts/copy/scan-source';
import { readTexts } from '../../scripts/node/read-texts';
import { describeStorage, movable } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import { type EntryIn, type JournalEntry, type NewEntry, patchedOf } from '../journal/entry';
import { assertTargets } from '../plan/described-refusals';
import { assertNotEdited } from '../plan/edited-description';
import { patchSetting } from '../settings/patch-setting';
import { settleApp } from '../settle/settle';
import { waitUntilUnused } from '../survey/storage-users';
import { graceSeconds } from '../survey/unused-seconds';
import type { CutoverContext } from './cutover-context';
import { finalUnit } from './final-unit';
import { reseal } from './reseal';
import type { Stopwatch } from './stopwatch';
import { copyPropsOf, type VolumeMove } from './volume-move';

/** What became of a volume while the app was down; nothing of what was done by a run before this one. */
export interface SealedVolume {
  readonly volume: VolumeMove;
  readonly copied?: FinalCopied;
}

/** How long nodes may take to unmount what the app's pod had, once that has had its time to end. */
const UNMOUNT_SECONDS = 90;

/**
 * Stops an app and brings its new volumes to what the old ones hold, proven and sealed. It can be done again from its beginning
 * whenever it was cut off: nothing else can have started the app meanwhile, or what that changed is found.
 *
 * @throws UserError with what was not as it must be; the app is down then, on its old volumes
 */
export async function stopAndSeal(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  watch: Stopwatch,
): Promise<readonly SealedVolume[]> {
  const { report } = site;
  // What a run before this one has left of it may be of settings that are others by now.
  for (const volume of volumes) await finalUnit(site, volume).unit.cancel();
  // Every pod is kept from the old generations from before the app is stopped.
  const beforeStop = () => void (watch.parts.length === 0 && watch.lap('fence'));
  const isFenced = (await untilAsked(() => settleApp(site, { beforeStop }), site)) === 'in force';
  await waitUntilUnused(
    volumes.flatMap(({ source, target }) => [source, target]),
    site,
    graceSeconds(site) + UNMOUNT_SECONDS,
  );
  watch.lap('stop');
  report({ type: 'stopped' });
  const sealed: SealedVolume[] = [];
  for (const volume of volumes) sealed.push({ volume, ...(await seal(site, volume)) });
  watch.lap('copy and verify');
  // Nothing keeps a pod from the source then, so what one has written since the copy is looked for, and the pod itself.
  if (!isFenced) await assertAllUnchanged(site, volumes);
  await waitUntilUnused(
    volumes.flatMap(({ source, target }) => (movable(source).isExclusive || !isFenced ? [source, target] : [target])),
    site,
    UNMOUNT_SECONDS,
  );
  await untilAsked(() => assertTargets(site, volumes), site);
  await assertNotEdited(site);
  report({ type: 'released', hasLuns: volumes.some(({ target }) => movable(target).isExclusive) });
  watch.lap('release');
  return sealed;
}

async function seal(site: CutoverContext, volume: VolumeMove): Promise<{ readonly copied?: FinalCopied }> {
  const name = persistentVolumeName(volume.target);
  const latest = latestOf(site, name);
  const { node } = finalUnit(site, volume);
  if (latest.state === 'rolled-back') {
    await reseal(site, volume, latest, node);
    return {};
  }
  if (latest.state === 'sealed') {
    // What was sealed again holds something else than the source, and is meant to.
    if (latest.scan) await assertUnchanged(site, volume, latest, node);
    return {};
  }
  const patches = await patchesOf(site, volume, latest, node);
  const { unit } = finalUnit(
    site,
    volume,
    patches.map(({ was: _, ...patch }) => patch),
  );
  site.signal.throwIfAborted();
  await untilAsked(() => unit.start(), site);
  const report = await unit.reattach({ signal: site.signal });
  if (report.result === 'declined')
    throw new UserError(`the last copy on ${node.name} declined: ${report.reason}`, { code: 'step-declined' });
  const { scan, manifest } = report.facts;
  const { at: _, ...entry } = latest;
  const patched = patchedOn(volume, patches, site);
  const sealed: NewEntry = { ...entry, state: 'sealed', scan, manifest, ...(patched && { patched }) };
  await site.journal.append(name, sealed);
  // A run before this one sealed the volume and could not record it; its facts are of that time. The journal says so first, so that a
  // way back gives the volume up.
  const recorded = latestOf(site, name);
  if (report.result === 'unchanged' && recorded.state === 'sealed') await assertUnchanged(site, volume, recorded, node);
  site.report({ type: 'sealed', volume: name, node: node.name, files: report.facts.files });
  return { copied: report.facts };
}

function latestOf({ journal }: CutoverContext, name: string): EntryIn<'prepared' | 'sealed' | 'rolled-back'> {
  const latest = journal.latest(name);
  if (latest?.state === 'prepared' || latest?.state === 'sealed' || latest?.state === 'rolled-back') return latest;
  throw new UserError(
    `PersistentVolume ${name} is not prepared: the journal says ${latest ? `${latest.state} since ${latest.at}` : 'nothing of it'}`,
    { category: 'refused', code: 'not-prepared' },
  );
}

/** A volume that an earlier run sealed equals the source only if nothing has written to the source since. */
async function assertUnchanged(
  site: CutoverContext,
  volume: VolumeMove,
  latest: EntryIn<'sealed'>,
  node: ReachedNode,
): Promise<void> {
  const name = describeStorage(volume.source);
  const now = await untilAsked(() => answered(node, scanSource(copyPropsOf(volume, latest).source)), site);
  if (typeof now === 'string')
    throw new UserError(`${name} can't be read: ${now}`, { category: 'unreachable', code: 'source-unreadable' });
  const { scan, at } = latest;
  if (now.scan === scan) return;
  throw new UserError(
    `${name} has changed since it was copied (sealed at ${at}): something wrote there while the app was down`,
    { code: 'source-changed' },
  );
}

/** Compares each source once more with what it was when its copy was sealed. @throws UserError where it is another one */
export async function assertAllUnchanged(site: CutoverContext, volumes: readonly VolumeMove[]): Promise<void> {
  for (const volume of volumes) {
    const latest = latestOf(site, persistentVolumeName(volume.target));
    if (latest.state === 'sealed' && latest.scan)
      await assertUnchanged(site, volume, latest, finalUnit(site, volume).node);
  }
}

/** What a way back to a share is to change again. */
function patchedOn(
  { source, target }: VolumeMove,
  patches: readonly { readonly path: string; readonly was: string }[],
  { journal }: CutoverContext,
): EntryIn<'sealed'>['patched'] {
  if (movable(target).isShare) return undefined;
  if (!movable(source).isShare) return patchedOf(journal.latest(persistentVolumeName(source)));
  return patches.length > 0 ? patches.map(({ path, was }) => ({ path, was })) : undefined;
}

/** The texts that settings are to get. They are read just before, since the app may have written them until it was stopped. */
async function patchesOf(
  site: CutoverContext,
  volume: VolumeMove,
  latest: JournalEntry,
  node: ReachedNode,
): Promise<(FilePatch & { readonly was: string })[]> {
  const { source, patches } = volume;
  if (patches.length === 0) return [];
  const script = readTexts(
    copyPropsOf(volume, latest).source,
    patches.map(({ path }) => path),
  );
  const read = await untilAsked(() => answered(node, script), site);
  if (typeof read === 'string')
    throw new UserError(`settings in ${describeStorage(source)} can't be read: ${read}`, {
      category: 'unreachable',
      code: 'source-unreadable',
    });
  return patches.flatMap((patch) => {
    const text = read.texts.find(({ path }) => path === patch.path);
    if (!text) return [];
    const before = Buffer.from(text.base64, 'base64');
    const patched = patchSetting(before.toString(), patch);
    if (patched.problem !== undefined)
      throw new UserError(`${patch.path} ${patched.problem}: it was not changed`, { code: 'settings-unpatched' });
    if (patched.was === undefined) return [];
    const { was } = patched;
    return [{ path: patch.path, was, sha256: createHash('sha256').update(before).digest('hex'), text: patched.text }];
  });
}
