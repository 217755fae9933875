import { UserError } from '../../core/problems';
import type { ReachedNode, Unit } from '../../nodes/runner';
import { type FilePatch, type FinalCopied, finalCopy } from '../../scripts/copy/final-copy';
import { unitName } from '../../scripts/unit/unit';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { CutoverContext } from './cutover-context';
import { copyPropsOf, type VolumeMove } from './volume-move';

/** What makes the last copy of a volume, and where. */
export interface FinalUnit {
  readonly node: ReachedNode;
  readonly unit: Unit<FinalCopied>;
}

/** @throws UserError where the journal knows of no copy, or of one on a node that is not reached any more */
export function finalUnit(
  { journal, nodes }: Pick<CutoverContext, 'journal' | 'nodes'>,
  volume: VolumeMove,
  patches: readonly FilePatch[] = [],
): FinalUnit {
  const name = persistentVolumeName(volume.target);
  const latest = journal.latest(name);
  if (!latest)
    throw new UserError(`the journal knows of no copy on PersistentVolume ${name}`, { code: 'journal-unusable' });
  const node = nodes.find((one) => one.name === latest.node);
  if (!node)
    throw new UserError(`node ${latest.node}, which writes PersistentVolume ${name}, is not reached by SSH any more`, {
      category: 'usage',
      code: 'no-such-node',
    });
  const props = copyPropsOf(volume, latest);
  return { node, unit: node.runner.unit(unitName('final', props.attempt), finalCopy({ ...props, patches })) };
}
