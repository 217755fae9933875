import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lun } from '../../nas/nas';
import type { LabFixture } from './fixture';
import type { Operator } from './operator';
import { seenJellyfin } from './seen-jellyfin';
import { lastRowOf } from './somebodys-app';

/** Jellyfin, and the operator who moves it: each part of its life starts from what the previous one has left. */
export class JellyfinsLife {
  operator!: Operator;
  /** The LUN that it is moved to first. */
  lun!: Lun;
  readonly seen: ReturnType<typeof seenJellyfin>;

  constructor(readonly fixture: LabFixture) {
    this.seen = seenJellyfin(fixture);
  }

  lunward(command: string, ...args: readonly string[]) {
    return this.operator.lunward(command, ...args);
  }

  get lastRow(): number {
    return lastRowOf(this.fixture.lab, 'jellyfin');
  }

  get lock() {
    return JSON.parse(readFileSync(join(this.operator.folder, 'lunward.lock.json'), 'utf8'));
  }

  uuidOf(claim: string): string {
    return this.lock.sealed.jellyfin[claim].uuid;
  }

  /** A file on a LUN, as the node that runs the app sees it. */
  onLun(claim: string, file: string): Promise<string> {
    const root = `"$(findmnt -rno TARGET -S UUID=${this.uuidOf(claim)} | head -n 1)"`;
    return this.fixture.lab.node('node-b').run('bash', ['-c', `cat ${root}/${JSON.stringify(file)}`]);
  }
}

/** Its `database.xml`, which a move to a LUN changes. */
export const SETTINGS = `<?xml version="1.0" encoding="utf-8"?>
<DatabaseConfigurationOptions>
  <DatabaseType>Jellyfin-SQLite</DatabaseType>
  <LockingBehavior>Optimistic</LockingBehavior>
</DatabaseConfigurationOptions>
`;

/** The rows in ascending order, each once: equal to rows that were acknowledged once each and in order. */
export const inOrder = (numbers: readonly number[]) => [...new Set(numbers)].sort((one, other) => one - other);
