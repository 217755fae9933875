import type { Finding } from '../core/advice';
import type { MountedErrors, RecordedErrors } from '../scripts/lun/mounted-errors';
import type { SuperblockErrors } from '../scripts/lun/superblock-errors';

/** Whose file system it is. */
export interface FileSystemOwner {
  /** Key of the app in the description. */
  readonly app: string;
  /** Where it is, for a person: `LUN 1 of iqn.2000-01.com.example:config`. */
  readonly place: string;
  readonly node: string;
}

/** What a disk is like that answers within no time. */
const HANGS = 'hangs';

/**
 * The function of ext4 that refuses each write once the journal was aborted. Kernels that no longer make the file system read-only, and do
 * not show yet that they have stopped it, show nothing else.
 */
const JOURNAL_ABORTED = 'ext4_journal_check_start';

/** What is wrong with a file system that a node has mounted. */
export function mountedFindings(owner: FileSystemOwner, { mountpoint, type, ...seen }: MountedErrors): Finding[] {
  const { app, place, node } = owner;
  const affects = { node };
  if (seen.disk === HANGS || seen.look === HANGS) {
    const why = seen.diskState === 'running' ? 'does not answer' : `is ${seen.diskState || 'in no known state'}`;
    return [
      {
        code: 'storage-silent',
        subject: node,
        affects,
        severity: 'error',
        found: `could not be asked whether the file system on ${place} has errors: its disk ${why}, and what ${app} reads or writes waits for it`,
        expected: 'a disk that answers within 10 s',
        remedy: `see that the NAS is up, and that ${node} reaches it; then run this again`,
      },
    ];
  }
  const stopped = [
    ...(seen.errors.function === JOURNAL_ABORTED ? ['its journal was aborted, so every write fails'] : []),
    ...(seen.stopped ? [`the kernel shows it as ${seen.stopped}, mounted at ${mountpoint}`] : []),
    ...(seen.disk ? [`its disk can't be read (${seen.disk})`] : []),
    ...(seen.look ? [`it can't be read (${seen.look})`] : []),
  ];
  if (stopped.length > 0) {
    return [
      {
        code: 'file-system-stopped',
        subject: place,
        affects,
        severity: 'error',
        found: `has a file system (${type}) that was stopped on ${node}: ${[...stopped, ...recorded(seen.errors)].join('; ')}. ${app} can't write to it, and a new pod on ${node} gets this same mount`,
        expected: 'a writable file system',
        remedy: heal(app),
      },
    ];
  }
  return seen.errors.count === 0 ? [] : [recordedFinding(owner, `, mounted at ${mountpoint}`, seen.errors)];
}

/** What is wrong with a file system that nothing has mounted. */
export function superblockFindings(owner: FileSystemOwner, { state, errors }: SuperblockErrors): Finding[] {
  if (errors.count === 0 && !state.includes('errors')) return [];
  return [recordedFinding(owner, ', which nothing has mounted', errors, state)];
}

function recordedFinding(
  { app, place, node }: FileSystemOwner,
  how: string,
  errors: RecordedErrors,
  state = '',
): Finding {
  const said = [...(state ? [`its state is "${state}"`] : []), ...recorded(errors)].join('; ');
  return {
    code: 'file-system-errors',
    subject: place,
    affects: { node },
    severity: 'error',
    found: `has a file system with errors${how}, seen from ${node}: ${said}`,
    expected: 'none since the last check',
    remedy: heal(app),
  };
}

function recorded({ count, first, last, function: name }: RecordedErrors): string[] {
  if (count === 0) return [];
  const when = count === 1 ? ` at ${last || first}` : ` from ${first} to ${last}`;
  return [
    `it has recorded ${count} ${count === 1 ? 'error' : 'errors'}${first || last ? when : ''}${name ? `, the last in ${name}` : ''}`,
  ];
}

function heal(app: string): string {
  return `see that the NAS is up; then run "lunward restart ${app}": it stops ${app}, checks the file system, and starts it again`;
}
