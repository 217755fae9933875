import type { FencedPlace } from '../kubernetes/fence';
import { exportLocation, type Location, lunLocation } from '../volumes/location';

/** Where the bytes are that a fence refuses, to compare them with others. */
export function fencedLocations({ nfs = [], luns = [] }: FencedPlace): Location[] {
  return [
    ...nfs.map(({ server, path }) => exportLocation('NFS', server, path)),
    ...luns.map(({ iqn, lun }) => lunLocation(iqn, lun)),
  ];
}
