import type { Advice } from '../../core/advice';
import { UserError } from '../../core/problems';
import { isMovable, movable } from '../../storage/registry';
import { isPersistent } from '../../volumes/kinds';
import { persistentVolumeName } from '../../volumes/static-volume';
import { expectedData } from '../../workload/database-mounts';
import type { AppContext, Observations } from '../app-context';
import { mustEnd } from '../cutover/interrupted';
import type { EntryIn } from '../journal/entry';
import type { Journal } from '../journal/journal';
import { describedRefusals } from '../plan/described-refusals';
import { markerLines, planMarker } from '../plan/plan-marker';
import type { RemarkedPlan } from '../plan/remarked-plan';
import { lookAtMarker, type SealedVolume } from '../survey/marker-look';
import { waitUntilUnused } from '../survey/storage-users';

/** A volume that an app lives on, and that the journal calls sealed. */
export interface SealedLive extends Pick<SealedVolume, 'volume'> {
  readonly latest: EntryIn<'sealed'>;
  readonly mountPath: string;
}

/** Those with a marker, by the journal alone; an app that was never moved lives on its first generation. */
export function sealedLiveVolumes({ model }: Pick<AppContext, 'model'>, journal: Journal): SealedLive[] {
  return model.mounts.flatMap(({ mountPath, generations }): SealedLive[] => {
    const described = generations.filter(isPersistent);
    const live = journal.live[mountPath] ?? described[0]?.name;
    const volume = described.find(({ name }) => name === live);
    if (!volume || !isMovable(volume)) return [];
    const latest = journal.latest(persistentVolumeName(volume));
    return latest?.state === 'sealed' ? [{ mountPath, volume, latest }] : [];
  });
}

/** The plans to write deleted markers again; done where the marker is there. */
export async function planDeletedMarkers(
  context: AppContext,
  sealed: readonly SealedLive[],
  observed: Observations,
  signal: AbortSignal,
): Promise<RemarkedPlan[]> {
  const planned: RemarkedPlan[] = [];
  for (const one of sealed) planned.push(await planOne(context, one, observed, signal));
  return planned;
}

async function planOne(
  context: AppContext,
  { mountPath, volume, latest }: SealedLive,
  observed: Observations,
  signal: AbortSignal,
): Promise<RemarkedPlan> {
  const { app, client, model, nodes } = context;
  const subject = `PersistentVolume ${persistentVolumeName(volume)}`;
  const chap = await context.chap(volume);
  // The node that sealed it may be gone for good: any node may look at what nothing uses, and write to it.
  const node = (nodes.find(({ name }) => name === latest.node) ?? nodes[0])?.name ?? latest.node;
  const sealed = { volume, latest, ...(chap && { chap }) };
  const look = await lookAtMarker(sealed, { client, nodes, model, signal, writer: node });
  if (look.is === 'right') {
    return {
      planned: { done: `${subject} is sealed as attempt ${latest.attempt} since ${latest.at}, and has its marker` },
      remarks: [],
    };
  }
  if (look.is === 'another') return refused(differs(app, subject, look.reason));
  if (look.is === 'unknown') return refused(unread(app, subject, look.reason));
  const inUse = look.pod ? `pod ${look.pod} uses it` : await usersText(context, { volume }, signal);
  if (inUse !== undefined) return refused(inUseRefusal(app, subject, inUse));
  const seen = await movable(volume).inspectSource(volume, {
    nodes,
    observe: observed.nodes,
    texts: [],
    writer: node,
    ...(chap && { chap }),
  });
  const facts = {
    app,
    mountPath,
    volume,
    latest,
    node,
    seen,
    expected: expectedData(model, mountPath),
    refusals: await describedRefusals(context, [{ mountPath, volume }]),
    ...(chap && { chap }),
  };
  return { planned: planMarker(facts), remarks: markerLines(seen) };
}

/** @throws UserError if something uses a volume by now whose marker is to be written: another node's pod may have started meanwhile */
export async function proveUnused(context: AppContext, signal: AbortSignal): Promise<void> {
  const volumes = sealedLiveVolumes(context, await context.journal()).map(({ volume }) => volume);
  const { client, nodes, model } = context;
  if (volumes.length > 0) await waitUntilUnused(volumes, { client, nodes, model, signal }, 0);
}

async function usersText(
  { client, nodes, model }: AppContext,
  { volume }: Pick<SealedLive, 'volume'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await waitUntilUnused([volume], { client, nodes, model, signal }, 0);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError) || mustEnd(error)) throw error;
    return error.message;
  }
}

const refused = (advice: Advice): RemarkedPlan => ({ planned: { refusals: [advice] }, remarks: [] });

function inUseRefusal(app: string, subject: string, reason: string): Advice {
  return {
    code: 'marker-missing',
    subject,
    found: `has no marker any more, and is in use: ${reason}`,
    remedy: `stop ${app}, wait until its pod is gone, and run "lunward seal ${app}" again: a marker is written only while nothing uses the volume`,
  };
}

function differs(app: string, subject: string, found: string): Advice {
  const remedy = `have the NAS serve the volume that was sealed: a marker that says something else is never replaced. "lunward status ${app}" says which volume that is`;
  return { code: 'marker-differs', subject, found, remedy };
}

function unread(app: string, subject: string, reason: string): Advice {
  return {
    code: 'target-unreadable',
    subject,
    found: `is sealed by the journal, and its marker could not be read: ${reason}`,
    remedy: `stop ${app}, wait until its pod is gone, and run "lunward seal ${app}" again`,
  };
}
