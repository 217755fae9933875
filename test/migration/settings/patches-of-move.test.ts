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

it('on the way to a disk settings are changed as the catalog says', () => {
  expect(patchesOfMove(move(share('a'), lun('b')), journal())).toEqual(patches);
});

it('on the way back to a share they say again what they said', () => {
  const back = patchesOfMove(move(lun('b'), share('c')), journal([{ path: first.path, was: 'Optimistic' }]));
  expect(back).toEqual([{ ...first, from: [first.to], to: 'Optimistic' }]);
});

it('what was not changed on the way there is not changed on the way back', () => {
  expect(patchesOfMove(move(lun('b'), share('c')), journal())).toEqual([]);
});
