import { lockFileName } from '../cluster/lock';
import type { Cutover, JournalEntry } from '../migration/journal';
import type { LockDifference } from '../migration/lock-from-journal';
import { coloured } from './colour';

/** How far an app's volumes are. */
export interface Status {
  readonly app: string;
  /** By the journal, of mounts that were ever moved. */
  readonly live: readonly { readonly mountPath: string; readonly claim: string; readonly before?: string }[];
  readonly cutover?: Cutover;
  readonly lock: {
    /** Where it says something else than the journal; after it was written, what is left. */
    readonly differences: readonly LockDifference[];
    /** What came of writing it. Default: it was not to be written. */
    readonly written?: 'changed' | 'unchanged';
  };
  readonly volumes: readonly { readonly volume: string; readonly latest: JournalEntry; readonly work: string }[];
}

/** The same for a person. */
export function statusText(status: Status): string {
  const { app, live, cutover, volumes } = status;
  const lines = [
    ...live.map(
      ({ mountPath, claim, before }) => `  ${mountPath}: on claim ${claim}${before ? ` (before: ${before})` : ''}`,
    ),
    ...(cutover ? cutoverLines(app, cutover) : []),
    ...lockLines(status),
    ...volumes.flatMap(({ volume, latest, work }) => [
      `  ${volume}: ${latest.state} since ${latest.at}, attempt ${latest.attempt} on ${latest.node}, ${latest.bytes === 0 ? 'folder' : 'disk'} ${latest.wwn}`,
      `    ${work}`,
    ]),
  ];
  const isBegun = live.length > 0 || cutover || volumes.length > 0;
  return [isBegun ? `${app}:` : `${app}: nothing was begun`, ...lines].join('\n');
}

const now: Readonly<Record<Cutover['phase'], string>> = {
  stop: 'it is down, or about to be',
  done: 'the new volumes are live, and it is being started on them',
  back: 'the old volumes are live, and it is being started on them',
};

function cutoverLines(app: string, { phase, at, replicas, volumes }: Cutover): string[] {
  const ways = volumes.map(({ mountPath, from, to }) => `${mountPath} from ${from} to ${to}`).join(', ');
  const [migrate, rollback] = [`"lunward migrate ${app}"`, `"lunward rollback ${app}"`];
  const goesOn =
    phase === 'back' ? `${rollback} goes on with that` : `${migrate} goes on with it, ${rollback} takes it back`;
  return [
    `  cut-over under way since ${at} (${phase}): ${ways}`,
    `    ${now[phase]}; it had ${replicas === 1 ? '1 replica' : `${replicas} replicas`} before`,
    `    ${goesOn}; while one of them is at work, wait for it`,
  ];
}

function lockLines({ app, live, lock: { differences, written } }: Status): string[] {
  const mendable = differences.some((one) => one.mendable);
  return [
    ...(written ? [`  ${lockFileName}: ${coloured(written)}${writtenNote(written, live.length > 0)}`] : []),
    ...(differences.length > 0 ? [`  ${coloured('warning')}: ${lockFileName} is not what the journal says:`] : []),
    ...differences.map(({ subject, text }) => `    ${subject}: ${text}`),
    ...(mendable ? [`    "lunward status ${app} --write-lock" writes what the journal says; then commit it`] : []),
  ];
}

function writtenNote(written: 'changed' | 'unchanged', isKnown: boolean): string {
  if (written === 'changed') return ' to what the journal says: commit it';
  return isKnown ? '' : ', the journal knows of no move of this app';
}
