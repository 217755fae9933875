import type { UsedVolume } from '../kubernetes/volume-users';
import type { PersistentVolume } from '../volumes/kinds';
import { isMovable, movable } from './registry';

/**
 * Returns the data by which to find the users of an app's volume.
 *
 * @param ofApp namespace of the app
 */
export function usedVolume(volume: PersistentVolume, ofApp: string): UsedVolume {
  const { name: claim, namespace = ofApp } = volume;
  const [nfs] = (isMovable(volume) && movable(volume).fence(volume).nfs) || [];
  return { namespace, claim, ...(nfs && { nfs }) };
}
