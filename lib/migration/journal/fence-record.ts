import type { LiveObject } from '../../kubernetes/cluster-client';
import { type Cutover, cutoverRecord } from './cutover';

/** What the fence of an app that is kept stopped records of its journal: the phase, the volumes, and the replicas to start again. */
export type FenceRecord = Pick<Cutover, 'phase' | 'at' | 'replicas' | 'volumes'>;

const ANNOTATION = 'lunward/cutover';

const record = cutoverRecord.omit({ gate: true });

/** The annotation that records a cut-over on the fence, in case the journal is deleted. */
export function fenceRecord({ phase, at, replicas, volumes }: FenceRecord): Readonly<Record<string, string>> {
  return { [ANNOTATION]: JSON.stringify({ phase, at, replicas, volumes }) };
}

/** @returns nothing if the app may run, or if the version that wrote the fence recorded nothing */
export function recordedOnFence({ metadata }: Pick<LiveObject, 'metadata'>): FenceRecord | undefined {
  const text = metadata?.annotations?.[ANNOTATION];
  if (text === undefined) return undefined;
  try {
    return record.parse(JSON.parse(text));
  } catch {
    // Someone edited it: treated as no record.
    return undefined;
  }
}
