import { expect, it } from 'vitest';
import type { JournalEntry } from '../../../lib/migration/journal/entry';
import { recordedPlaces } from '../../../lib/migration/settle/recorded-places';
import { identityOfLun } from '../../../lib/storage/iscsi/identity';
import { identityOfFolder } from '../../../lib/storage/nfs/identity';
import { type DataVolume, type Identity, movable } from '../../../lib/storage/registry';
import { resolveApp } from '../../../lib/workload/model';
import { image, lun, share, untyped } from '../../helpers';
import { objectsOf } from './objects-of';

const [folder, disk] = [share('config'), lun('config')];
const model = (...config: DataVolume[]) => resolveApp({ image, config }, { name: 'app', namespace: 'media' });
const sealedIn = (target?: Identity) => ({
  latest: () => (target ? untyped<JournalEntry>({ state: 'sealed', target }) : undefined),
});
const placesOf = (described: DataVolume, objects: ReturnType<typeof objectsOf>, sealed?: Identity) =>
  recordedPlaces(['config'], { model: model(described), journal: sealedIn(sealed), ...objects }).get('config');

const live = share('live');
const [bound] = objectsOf(share('config', { volumeName: 'other' })).claims;

it.each<[string, DataVolume, ReturnType<typeof objectsOf>, readonly DataVolume[], Identity?]>([
  ['folder of its PersistentVolume', { ...folder, path: '/volume1/copy' }, objectsOf(folder), [folder]],
  ['LUN of its PersistentVolume', { ...disk, lun: 7 }, objectsOf(disk), [disk]],
  ['place of its PersistentVolume, of another kind', disk, objectsOf(folder), [folder]],
  [
    'place of the PersistentVolume that its claim is bound to',
    folder,
    { claims: [{ ...bound, spec: { ...bound?.spec, volumeName: 'live' } }], volumes: objectsOf(folder, live).volumes },
    [live],
  ],
  [
    'place of the PersistentVolume that is for it, if it is not described',
    share('another'),
    { claims: [], volumes: objectsOf(folder).volumes },
    [folder],
  ],
  ['folder that it was sealed in', { ...folder, path: '/x' }, objectsOf(), [folder], identityOfFolder(folder)],
  ['one place, recorded twice', { ...folder, path: '/x' }, objectsOf(folder), [folder], identityOfFolder(folder)],
  ['places, of which there are two', folder, objectsOf(folder), [folder, live], identityOfFolder(live)],
])('knows the %s', (_, described, objects, expected, sealed) => {
  expect(placesOf(described, objects, sealed)).toEqual(expected.map((volume) => movable(volume).fence(volume)));
});

it('knows none of a disk that no PersistentVolume names', () => {
  expect(placesOf(folder, objectsOf(), identityOfLun({ wwn: '0x1', bytes: 1 }))).toEqual([]);
  expect(placesOf(folder, objectsOf())).toEqual([]);
});
