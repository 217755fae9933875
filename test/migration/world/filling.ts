import { createHash } from 'node:crypto';
import { type Machine, openSealed, openSource, openTarget, openUnusedLun, require, requireMarker } from './opened';
import type { Parameters } from './parameters';
import { digestOf, type Files, type Marker, type Place } from './storage';

/** What a script reports that has not declined. */
export interface Answer {
  readonly result: 'changed' | 'unchanged';
  readonly facts: unknown;
}

export type Answers = Readonly<Record<string, (machine: Machine, given: Parameters) => Answer>>;

const changed = (facts: unknown = {}): Answer => ({ result: 'changed', facts });
const unchanged = (facts: unknown = {}): Answer => ({ result: 'unchanged', facts });

const markerOf = (given: Parameters, state: Marker['state']): Marker => ({
  state,
  attempt: given.number('attempt'),
  volume: given.text('volume'),
  uuid: given.text('uuid'),
});

/** Scripts that write to a volume. */
export const fillingAnswers: Answers = {
  'format-lun': (machine, given) => {
    const place = openTarget(machine, given);
    const fileSystem = given.text('type');
    if (place.marker) {
      requireMarker(place, given, 'building', given.number('attempt'));
      return unchanged({ fileSystem });
    }
    require(place.fileSystem === '' && Object.keys(place.files).length === 0, `it holds ${place.fileSystem || 'data'}`);
    Object.assign(place, { fileSystem, uuid: given.text('uuid'), capacity: place.bytes });
    place.marker = markerOf(given, 'building');
    return changed({ fileSystem });
  },
  'mark-folder': (machine, given) => {
    const place = openTarget(machine, given);
    if (place.marker) {
      requireMarker(place, given, 'building', given.number('attempt'));
      return unchanged();
    }
    require(Object.keys(place.files).length === 0, 'it is not empty');
    place.marker = markerOf(given, 'building');
    return changed();
  },
  'warm-copy': (machine, given) => {
    const [source, target] = [openSource(machine, given), openTarget(machine, given)];
    requireMarker(target, given, 'building', given.number('attempt'));
    requireNotShrunk(source, target);
    const isSame = digestOf(source.files) === digestOf(target.files);
    target.files = { ...source.files };
    return { result: isSame ? 'unchanged' : 'changed', facts: { ...copied, usedBytes: sizeOf(target.files) } };
  },
  'hash-trees': (machine, given) => {
    const [source, target] = [openSource(machine, given), openTarget(machine, given)];
    requireMarker(target, given, 'building', given.number('attempt'));
    requireNotShrunk(source, target);
    const same = Object.entries(source.files).filter(([path, text]) => target.files[path] === text);
    target.hashed = Object.fromEntries(same);
    return changed({ ...hashed, trusted: same.length, same: same.length, manifest: digestOf(target.hashed) });
  },
  'final-copy': (machine, given) => {
    const [source, target] = [openSource(machine, given), openTarget(machine, given)];
    const [user] = machine.mounts().filter((mount) => mount.place === source);
    require(!user, `the source changed while the app was down: ${user?.pod} writes there`);
    const attempt = given.number('attempt');
    if (target.marker?.state === 'sealed') {
      requireMarker(target, given, 'sealed', attempt);
      return unchanged(finalFacts(target));
    }
    requireMarker(target, given, 'building', attempt);
    requireNotShrunk(source, target);
    target.files = { ...source.files, ...patchesOf(given, source.files) };
    target.sealed = target.files;
    target.scan = digestOf(source.files);
    target.marker = { ...markerOf(given, 'sealed'), manifest: digestOf(target.files) };
    return changed(finalFacts(target));
  },
  'seal-volume': (machine, given) => {
    const place = openTarget(machine, given);
    const [from, before, attempt] = [given.text('from'), given.number('before'), given.number('attempt')];
    if (place.kind === 'iscsi') require(place.uuid === given.text('uuid'), 'it is another file system');
    if (place.marker?.state === 'sealed' && (from !== 'sealed' || place.marker.attempt === attempt)) {
      requireMarker(place, given, 'sealed', attempt);
      return unchanged();
    }
    if (from === 'none') {
      require(!place.marker, 'it has a marker already');
      require(Object.keys(place.files).length > 0, 'it holds no file');
    } else requireMarker(place, given, from, before);
    const listed = given.text('listed');
    const isListed = place.sealed !== undefined && digestOf(place.sealed) === listed;
    const manifest = place.marker?.manifest ?? (isListed ? listed : undefined);
    place.marker = { ...markerOf(given, 'sealed'), ...(manifest && { manifest }) };
    return changed();
  },
  'wipe-lun': (machine, given) => {
    const place = openTarget(machine, given);
    if (place.marker) requireMarker(place, given, 'building', given.number('attempt'));
    else require(place.fileSystem === '' || place.uuid === given.text('uuid'), 'it is not what the attempt left');
    const wasBlank = place.fileSystem === '';
    Object.assign(place, { fileSystem: '', uuid: '', capacity: 0, files: {}, marker: undefined, hashed: undefined });
    return wasBlank ? unchanged() : changed();
  },
  'check-file-system': (machine, given) => {
    const place = openUnusedLun(machine, given);
    const [wwn, uuid] = [given.text('wwn'), given.text('uuid')];
    require(!wwn || place.name === wwn, `it is disk ${place.name}`);
    require(!uuid || place.uuid === uuid, `the file system has UUID ${place.uuid || 'none'}`);
    require(!place.damage, place.damage ?? '');
    const facts = { type: place.fileSystem, said: 'clean' };
    if (!place.trouble) return unchanged(facts);
    delete place.trouble;
    return changed(facts);
  },
  // A kubelet of this model logs out with each pod.
  'end-session': () => unchanged(),
  'release-lun': release,
  'release-folder': release,
  'grow-volume': (machine, given) => {
    const place = openSealed(machine, given, true);
    const before = place.capacity;
    require(place.bytes >= given.number('wanted'), `it has ${place.bytes} bytes: grow it on the NAS first`);
    require(place.bytes <= given.number('most'), `it has ${place.bytes} bytes: a volume has all of its LUN`);
    place.capacity = place.bytes;
    const facts = { fileSystem: place.fileSystem, lunBytes: place.bytes, capacity: { before, after: place.capacity } };
    return before === place.capacity ? unchanged(facts) : changed(facts);
  },
};

/** As lib/scripts/bash/shrunk.sh, of few files. */
function requireNotShrunk(source: Place, target: Place): void {
  const names = Object.keys(target.files);
  const left = names.filter((name) => source.files[name] !== undefined);
  require(names.length === 0 ||
    left.length > 0, `${names.length} files that were copied before are not there any more`);
}

function release(machine: Machine, given: Parameters): Answer {
  const place = openTarget(machine, given);
  if (place.marker) requireMarker(place, given, 'building', given.number('attempt'));
  return unchanged();
}

/** What settings say after the copy. @throws Declined for a patch of a text that is not there */
function patchesOf(given: Parameters, files: Files): Files {
  const [hashes, texts] = [given.list('patch_hashes'), given.list('patch_texts')];
  return Object.fromEntries(
    given.list('patch_paths').map((path, index) => {
      const sha256 = createHash('sha256')
        .update(files[path] ?? '')
        .digest('hex');
      require(hashes[index] === sha256, `${path} has another text than the patch was made from`);
      return [path, Buffer.from(texts[index] ?? '', 'base64').toString()];
    }),
  );
}

export function sizeOf(files: Files): number {
  return Object.values(files).join('').length;
}

const none = { files: 0, bytes: 0 };
const noNames = { count: 0, names: [] };
const fileSystemFacts = { version: '4.2', xattrs: true, posixAcls: false, nfs4Acls: false };
const copied = { passes: [], secondsSideBySide: 0, remainder: 0, ...fileSystemFacts };
const hashed = {
  untrusted: 0,
  missing: 0,
  outdated: 0,
  differing: noNames,
  bytesRead: { source: 0, target: 0 },
  seconds: { source: 0, target: 0 },
  clock: '0.0',
};

function finalFacts(target: Place) {
  const files = Object.keys(target.sealed ?? {}).length;
  return {
    vouched: { files: Object.keys(target.hashed ?? {}).length, bytes: 0 },
    hashed: none,
    copied: { ...none, deleted: 0 },
    bytesRead: { source: 0, target: 0 },
    entries: files,
    files,
    bytes: sizeOf(target.sealed ?? {}),
    databases: [],
    removedWhileOpen: noNames,
    patched: [],
    scan: target.scan,
    manifest: target.marker?.manifest,
    milliseconds: { list: 0, copy: 0, scan: 0, compare: 0, hash: 0, databases: 0, seal: 0 },
  };
}
