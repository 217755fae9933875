import { expect, it } from 'vitest';
import { jellyfin } from '../../../lib/catalog';
import type { WantedMove } from '../../../lib/migration/plan/wanted-volumes';
import { patchesOfMove } from '../../../lib/migration/settings/patches-of-move';
import { lun, share } from '../../helpers';
import { entry } from '../facts';

const patches = jellyfin.facts.patches ?? [];
const [first] = patches;
if (!first) throw new Error('the catalog changes nothing of Jellyfin');
const move = (source: WantedMove['source'], target: WantedMove['target']): WantedMove => ({
  action: 'move',
  source,
  target,
  patches,
});
const journal = (patched?: readonly { path: string; was: string }[]) => ({
  latest: () => entry('sealed', patched && { patched: [...patched] }),
});

it('a move to a disk changes settings as the catalog says', () => {
  expect(patchesOfMove(move(share('a'), lun('b')), journal())).toEqual(patches);
});

it('a move back to a share restores the earlier settings', () => {
  const back = patchesOfMove(move(lun('b'), share('c')), journal([{ path: first.path, was: 'Optimistic' }]));
  expect(back).toEqual([{ ...first, from: [first.to], to: 'Optimistic' }]);
});

it('settings that the first move did not change are not changed by the move back', () => {
  expect(patchesOfMove(move(lun('b'), share('c')), journal())).toEqual([]);
});
