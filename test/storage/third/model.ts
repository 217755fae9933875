import type { LocalVolume } from '../../../lib/volumes/local';
import type { Answers } from '../../migration/world/filling';
import type { ModelKind } from '../../migration/world/kinds';
import { type Machine, openTarget, require, requireMarker } from '../../migration/world/opened';
import type { Parameters } from '../../migration/world/parameters';

const directoryKey = (node: string, path: string) => `directory ${node}:${path}`;

/** A directory is on the node that a script runs on: on another node there is no such one. */
export const modelLocal: ModelKind<LocalVolume> = {
  blank: ({ node, path }) => ({ name: `${node}:${path}`, bytes: 0 }),
  key: ({ node, path }) => directoryKey(node, path),
  sourceKey: (given, node) => directoryKey(node, given.text('source_directory')),
  targetKey: (given, node) =>
    given.has('target_directory') ? directoryKey(node, given.text('target_directory')) : undefined,
  mountedKey: ({ local }, node) => local && directoryKey(node, local.path),
  mountSource: ({ name }) => name.slice(name.indexOf(':') + 1),
};

const unchanged = (facts: unknown = {}) => ({ result: 'unchanged' as const, facts });

/** What the kind's own scripts answer. */
export const localAnswers: Answers = {
  'probe-directory': (machine, given) => {
    const place = at(machine, given);
    const { state = '', attempt = '', volume = '', uuid = '' } = place.marker ?? {};
    const marker = { state, attempt: String(attempt), volume, uuid };
    return unchanged({ marker, names: Object.keys(place.files), freeBytes: 1024 ** 3 });
  },
  'directory-users': (machine, given) => {
    const place = at(machine, given);
    const users = machine.mounts().filter((mount) => mount.place === place);
    return unchanged({ processes: users.map(({ pod }) => pod) });
  },
  'mark-directory': (machine, given) => {
    const place = openTarget(machine, given);
    const [attempt, volume, uuid] = [given.number('attempt'), given.text('volume'), given.text('uuid')];
    if (place.marker) {
      requireMarker(place, given, 'building', attempt);
      return unchanged();
    }
    require(Object.keys(place.files).length === 0, 'it is not empty');
    place.marker = { state: 'building', attempt, volume, uuid };
    return { result: 'changed', facts: {} };
  },
  'release-directory': (machine, given) => {
    // Every node is asked, and all but one have no such directory.
    const place = machine.storage.at(directoryKey(machine.name, given.text('target_directory')));
    if (place) openTarget(machine, given);
    if (place?.marker) requireMarker(place, given, 'building', given.number('attempt'));
    return unchanged();
  },
};

function at(machine: Machine, given: Parameters) {
  const path = given.text('target_directory');
  const place = machine.storage.at(directoryKey(machine.name, path));
  require(place, `${machine.name} has no directory ${path}`);
  return place;
}
