import type { Chap } from '../../scripts/chap';
import type { SourceIdentity } from '../../storage/movable';
import type { DataVolume, Identity } from '../../storage/registry';
import type { TargetObservation } from '../../storage/target';
import type { JournalEntry } from '../journal/entry';

/** What a plan follows from, as far as its target is concerned. */
export interface AttemptFacts extends TargetObservation<unknown> {
  readonly app: string;
  readonly mountPath: string;
  readonly volume: DataVolume;
  /** Which try this is, by the journal. */
  readonly attempt: number;
  /** What the journal says of it last. */
  readonly latest?: JournalEntry;
  readonly chap?: Chap;
  /** Where the data comes from, where there is any. */
  readonly sourceIdentity?: SourceIdentity<Identity>;
  /** The node that has the source mounted: no other node may inspect it, so this node writes. */
  readonly usedOn?: string;
}
