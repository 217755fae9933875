import type { Finding } from '../../core/advice';
import type { V1PodSpec } from '../../core/kubernetes';
import { UserError } from '../../core/problems';
import { runForFacts } from '../../nodes/run-script';
import type { Progress, Unit } from '../../nodes/runner';
import { type VerifiedVolume, verifyVolume } from '../../scripts/copy/verify-volume';
import { readUnit, unitName } from '../../scripts/unit/unit';
import { type DataVolume, isMovable, movable } from '../../storage/registry';
import { isPersistent } from '../../volumes/kinds';
import { persistentVolumeName } from '../../volumes/static-volume';
import { deploymentManifest } from '../../workload/manifests/deployment';
import type { LiveMount } from '../../workload/model';
import type { AppContext } from '../app-context';
import { Interrupted, mustEnd, signalOf } from '../cutover/interrupted';
import type { EntryIn, JournalEntry } from '../journal/entry';
import type { Journal } from '../journal/journal';
import { judgeSealed, type SealedFacts } from '../judge-sealed';
import { describedRefusals } from '../plan/described-refusals';
import type { RunOptions } from '../ports';
import { fenceFindings, fenceState } from '../survey/fence-state';
import { fileSystemErrors } from '../survey/file-system-errors';
import type { MountedVolume } from '../survey/pod-place';
import { findVerificationNode, podUsage, sealedPropsOf, type VerificationNode } from '../survey/verification-node';
import { heldWithState } from './held-with-state';

/** A volume that was verified. */
export interface VerifiedMount {
  readonly app: string;
  readonly mountPath: string;
  readonly claim: string;
  readonly volume: string;
  readonly attempt: number;
  /** By the clock of the machine that recorded it. */
  readonly sealedAt: string;
  /** Where it was read. Default: it could not be. */
  readonly node?: string;
  /** The pod that uses it there. Default: none does. */
  readonly pod?: string;
  /** Whether it is a folder, which can be read whatever uses it. @default false */
  readonly isShared?: boolean;
  readonly found?: VerifiedVolume;
  readonly findings: readonly Finding[];
}

/** A volume that an app lives on, as what it was sealed. */
interface SealedMount {
  readonly mount: LiveMount;
  readonly volume: DataVolume;
  readonly latest: EntryIn<'sealed'>;
  /** Claim of the generation that was live before. */
  readonly before?: string;
}

/**
 * Compares what an app's volumes hold now with what they held when they were sealed. Nothing is changed. No other process can work at the
 * app meanwhile.
 *
 * @throws UserError where the app has no volume that was sealed with a list of its files
 */
export function verify(free: AppContext, { signal }: RunOptions = {}): Promise<VerifiedMount[]> {
  return heldWithState(free, async (context, lease) => {
    const journal = await context.journal();
    const sealed = sealedMounts(context, journal);
    const pod = await podOf(context);
    const all: VerifiedMount[] = [];
    for (const one of sealed) all.push(await verifyMount(context, one, pod, signalOf(lease.signal, signal)));
    // One fence is of all mounts of an app.
    const fence = fenceFindings(context, await fenceState(context, journal));
    return all.map((one, index) => (index === 0 ? { ...one, findings: [...one.findings, ...fence] } : one));
  });
}

/** @throws UserError where there are none */
function sealedMounts({ app, model }: AppContext, journal: Journal): SealedMount[] {
  const sealed = model.mounts.flatMap((mount): SealedMount[] => {
    const live = journal.live[mount.mountPath];
    const volume = mount.generations.filter(isPersistent).find(({ name }) => name === live);
    if (!volume || !isMovable(volume)) return [];
    const latest = journal.latest(persistentVolumeName(volume));
    if (latest?.state !== 'sealed' || !latest.manifest) return [];
    return [{ mount, volume, latest, before: journal.before[mount.mountPath] }];
  });
  if (sealed.length > 0) return sealed;
  throw new UserError(
    `App "${app}" has no volume that was sealed with a list of what it held, as "lunward migrate" does: there is nothing to hold it against. "lunward status ${app}" says what is live`,
    { category: 'refused', code: 'not-sealed' },
  );
}

/** The pod that the app's Deployment makes; nothing where there is no Deployment. */
async function podOf({ client, model }: AppContext): Promise<V1PodSpec | undefined> {
  const live = await client.read(deploymentManifest(model));
  return (live?.spec as { template?: { spec?: V1PodSpec } } | undefined)?.template?.spec;
}

async function verifyMount(
  context: AppContext,
  { mount, volume, latest, before }: SealedMount,
  pod: V1PodSpec | undefined,
  signal: AbortSignal,
): Promise<VerifiedMount> {
  const { app } = context;
  const chap = await context.chap(volume);
  const errors = await fileSystemErrors({ app, volume, ...(chap && { chap }) }, context.nodes);
  // Whoever reads from a disk that does not answer waits for it.
  const silent = errors.find(({ code }) => code === 'storage-silent');
  const { found, place, isUnmarked } = silent
    ? { found: `${silent.subject} ${silent.found}` }
    : await lookAt(context, volume, latest, signal);
  const seal = mount.volume === volume ? mount.seal : undefined;
  const node = place?.node.name;
  const facts: SealedFacts = {
    app,
    volume,
    latest,
    before,
    seal,
    pod,
    node: node ?? latest.node,
    found,
    // Of a file system with errors a marker may not be readable.
    isUnmarked: isUnmarked === true && errors.length === 0,
  };
  return {
    app,
    mountPath: mount.mountPath,
    claim: volume.name,
    volume: persistentVolumeName(volume),
    attempt: latest.attempt,
    sealedAt: latest.at,
    ...(node && { node }),
    ...(place?.pod && { pod: place.pod }),
    ...(!movable(volume).isExclusive && { isShared: true }),
    ...(typeof found !== 'string' && { found }),
    findings: [
      ...judgeSealed(facts),
      ...errors,
      ...(await describedFindings(context, { mountPath: mount.mountPath, volume })),
    ],
  };
}

/** Whether what was looked at is what the app runs on. */
async function describedFindings(context: AppContext, mounted: MountedVolume): Promise<Finding[]> {
  const refusals = await describedRefusals(context, [mounted]);
  return refusals.map((advice) => ({ remedy: '', ...advice, severity: 'error' }));
}

/** The findings, or why they are unknown: the rest is reported anyway. */
async function lookAt(
  context: AppContext,
  volume: DataVolume,
  latest: JournalEntry,
  signal: AbortSignal,
): Promise<{
  readonly found: VerifiedVolume | string;
  readonly place?: VerificationNode;
  /** Whether it has no marker any more. @default false */
  readonly isUnmarked?: boolean;
}> {
  const { client, nodes, model } = context;
  let place: VerificationNode | undefined;
  try {
    place = await findVerificationNode(volume, latest, { client, nodes, model, signal });
    const props = sealedPropsOf(volume, latest, place, await context.chap(volume));
    const { name, runner } = place.node;
    const unit = unitName('verify', props.attempt);
    // What one that was cut off has found is not of now.
    const left = await runForFacts(place.node, readUnit(unit));
    const running = runner.unit(unit, verifyVolume({ ...props, readsFiles: true }));
    if (typeof left !== 'string' && left.state === 'ended') await running.cancel();
    const report = await toItsEnd(running, signal, (progress) => {
      context.report({ type: 'verifying', node: name, news: progress });
    });
    if (report.result === 'declined') {
      return { found: report.reason, place, isUnmarked: report.code === 'no-marker' };
    }
    if (movable(volume).isExclusive && !place.pod && (await podUsage(volume, context)).state !== 'unused') {
      return { found: 'a pod has started on it meanwhile: run this again', place };
    }
    return { found: report.facts, place };
  } catch (error) {
    if (!(error instanceof UserError) || mustEnd(error)) throw error;
    return { found: error.message, ...(place && { place }) };
  }
}

/** The node can't unmount the volume while it is read: where an operator ends this run, the reading ends too. */
async function toItsEnd<Facts>(unit: Unit<Facts>, signal: AbortSignal, onProgress: (progress: Progress) => void) {
  try {
    signal.throwIfAborted();
    await unit.start();
    return await unit.reattach({ onProgress, signal });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    await unit.cancel();
    throw new Interrupted('It was interrupted: nothing is read any more, and nothing was changed');
  }
}
