import { UserError } from '../../core/problems';
import type { CopyTarget } from '../../scripts/copy/target';
import type { Attempt } from '../../scripts/lun/format-lun';
import { type DataVolume, describeIdentity, describeStorage, type Identity, movable } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { JournalEntry } from './entry';

/**
 * Where a volume is, and the attempt there, as scripts are told of them: what the journal says was proven.
 *
 * @throws UserError where it is described as another kind of storage than was recorded
 */
export function journaledTarget(
  volume: DataVolume,
  entry: JournalEntry,
): { readonly target: CopyTarget; readonly attempt: Attempt } {
  const { uuid, attempt } = entry;
  const { target } = requireKind(volume, entry);
  return {
    target: movable(volume).target(volume, target),
    attempt: { volume: persistentVolumeName(volume), attempt, uuid },
  };
}

/** What the journal has of a volume of a kind. */
export type EntryOf<Volume extends DataVolume> = JournalEntry & {
  readonly target: Extract<Identity, { kind: Volume['kind'] }>;
};

/** The same, of a volume that is described. @throws UserError where it is described as another kind of storage */
export function requireKind<Volume extends DataVolume>(volume: Volume, entry: JournalEntry): EntryOf<Volume> {
  const { target, attempt } = entry;
  if (target.kind === volume.kind) return entry as EntryOf<Volume>;
  throw new UserError(
    `PersistentVolume ${persistentVolumeName(volume)} is described as ${describeStorage(volume)}, and the journal has attempt ${attempt} of it on ${describeIdentity(target)}: ` +
      'describe it as it was; a volume of another kind needs a name of its own',
    { category: 'usage', code: 'stored-elsewhere' },
  );
}
