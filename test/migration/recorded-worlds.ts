import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Seal } from '../../lib/workload/model';

/**
 * What a move left behind by the code of commit 6b0791f, whose journals have version 1, at each of its effects: journal, app, lock and
 * marker. Moves that were begun or finished then must be resumed, rolled back, verified and retired by any later version.
 */
export interface Recorded {
  readonly journal: {
    readonly volumes: Readonly<Record<'config-2', readonly RecordedEntry[]>>;
    readonly live?: Readonly<Record<string, string>>;
    readonly cutover?: { readonly phase: 'stop' | 'done' | 'back' };
  };
  /** Message of the fence. Default: there was none. */
  readonly fence?: string;
  readonly replicas: number;
  /** What the Deployment mounts. */
  readonly claim: string;
  readonly sealed: boolean;
  /** The attempt that the marker of the new volume names. */
  readonly marked: number;
  readonly lock: { live: Record<string, string>; sealed: Record<string, Seal> };
}

/** As version 1 has it. */
export interface RecordedEntry {
  readonly at: string;
  readonly attempt: number;
  readonly state: string;
  readonly uuid: string;
  readonly wwn: string;
  readonly bytes: number;
  readonly manifest?: string;
  readonly source?: { readonly wwn: string; readonly uuid: string };
}

/** All of them, by kinds of source and target and by how far the move was. */
export const recorded = Object.entries(
  JSON.parse(readFileSync(path.join(__dirname, '../fixtures/worlds-of-journal-1.json'), 'utf8')) as Record<
    string,
    Recorded
  >,
);
