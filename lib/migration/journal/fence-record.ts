import type { LiveObject } from '../../kubernetes/cluster-client';
import { type Cutover, cutoverRecord } from './cutover';

/** What the fence of an app that is kept stopped has of its journal: how far the app is, and the replicas that it gets again. */
export type FenceRecord = Pick<Cutover, 'phase' | 'at' | 'replicas' | 'volumes'>;

const ANNOTATION = 'lunward/cutover';

const record = cutoverRecord.omit({ gate: true });

/** The annotation that records a cut-over on the fence, for a day on which the journal is gone. */
export function fenceRecord({ phase, at, replicas, volumes }: FenceRecord): Readonly<Record<string, string>> {
  return { [ANNOTATION]: JSON.stringify({ phase, at, replicas, volumes }) };
}

/** @returns nothing for a fence of an app that may run, and for one of a version that recorded nothing there */
export function recordedOnFence({ metadata }: Pick<LiveObject, 'metadata'>): FenceRecord | undefined {
  const text = metadata?.annotations?.[ANNOTATION];
  if (text === undefined) return undefined;
  try {
    return record.parse(JSON.parse(text));
  } catch {
    // Edited by hand: the same as none.
    return undefined;
  }
}
