import type { DeclineCode } from '../../../lib/scripts/decline-codes';
import { modelKind, modelKinds } from './kinds';
import type { Parameters } from './parameters';
import type { Place, Storage } from './storage';

/** A mount that a node has for a pod. */
export interface PodMount {
  readonly place: Place;
  readonly node: string;
  readonly pod: string;
  readonly podUid: string;
  readonly persistentVolume: string;
  /** Of a LUN. */
  readonly lun?: { readonly iqn: string; readonly lun: number };
}

/** A node on which a script runs, and all that it can reach. */
export interface Machine {
  readonly name: string;
  readonly machineId: string;
  readonly bootId: string;
  /** A clone of another node has that one's. */
  initiatorName: string;
  readonly storage: Storage;
  /** Mounts of all nodes. */
  readonly mounts: () => readonly PodMount[];
  /** What the app answers over HTTP. */
  readonly httpStatus: () => number;
}

/** Why a script does nothing. */
export class Declined extends Error {
  constructor(
    message: string,
    readonly code?: DeclineCode,
  ) {
    super(message);
  }
}

/** Ends a script that is asked for what is not so. */
export function require(condition: unknown, reason: string, code?: DeclineCode): asserts condition {
  if (!condition) throw new Declined(reason, code);
}

/**
 * The source of a copy, as the script is told of it.
 *
 * @throws Declined where it is another one, or is used otherwise than the script was told
 */
export function openSource(machine: Machine, given: Parameters): Place {
  const kind = given.text('source_kind');
  if (kind !== 'iscsi') {
    const key = modelKind(kind).sourceKey(given, machine.name);
    const place = machine.storage.at(key);
    require(place, `there is no ${key}`);
    return place;
  }
  const place = openLun(machine, given, 'source_');
  require(place.uuid === given.text('source_uuid'), `the source has file system ${place.uuid || 'none'}`);
  assertUsed(machine, place, given.text('source_used') === 'yes');
  const attempt = given.text('source_attempt');
  if (attempt) {
    require(place.marker?.state === 'sealed' &&
      place.marker.attempt === Number(attempt), 'the source is not that attempt');
  }
  return place;
}

/** The target of a copy, which nothing may use. @throws Declined where it is another one */
export function openTarget(machine: Machine, given: Parameters): Place {
  const place = placeOf(machine, given);
  assertUsed(machine, place, false);
  return place;
}

/** A sealed volume, whoever uses it. @throws Declined where it is another one, or not sealed as this attempt */
export function openSealed(machine: Machine, given: Parameters, isGrown = false): Place {
  const place = placeOf(machine, given, isGrown);
  if (place.kind === 'iscsi') {
    require(place.uuid === given.text('uuid'), `the file system has UUID ${place.uuid || 'none'}`);
    assertUsed(machine, place, given.text('used') === 'yes');
  }
  requireMarker(place, given, 'sealed', given.number('attempt'));
  return place;
}

/** @param isGrown whether the LUN may have become larger */
function placeOf(machine: Machine, given: Parameters, isGrown = false): Place {
  if (given.has('iqn')) return openLun(machine, given, '', isGrown);
  const [key] = modelKinds.flatMap((kind) => kind.targetKey(given, machine.name) ?? []);
  if (key === undefined) throw new Error('the script was given no target that the model knows');
  const place = machine.storage.at(key);
  require(place, `there is no ${key}`);
  return place;
}

function openLun(machine: Machine, given: Parameters, prefix: string, isGrown = false): Place {
  const [iqn, lun] = [given.text(`${prefix}iqn`), given.number(`${prefix}lun`)];
  const place = machine.storage.lun({ iqn, lun });
  require(place, `${iqn} shows no LUN ${lun}`);
  require(place.name === given.text(`${prefix}wwn`), `LUN ${lun} of ${iqn} is disk ${place.name}`);
  const bytes = given.number(`${prefix}bytes`);
  require(isGrown ? place.bytes >= bytes : place.bytes === bytes, `LUN ${lun} of ${iqn} has ${place.bytes} bytes`);
  return place;
}

/** A LUN that nothing may use, whatever is on it. */
export function openUnusedLun(machine: Machine, given: Parameters): Place {
  const [iqn, lun] = [given.text('iqn'), given.number('lun')];
  const place = machine.storage.lun({ iqn, lun });
  require(place, `${iqn} shows no LUN ${lun}`);
  assertUsed(machine, place, false);
  return place;
}

/** What another node uses is lost once this one writes to it: no script may ever be sent for that. */
function assertUsed(machine: Machine, place: Place, isUsed: boolean): void {
  const users = machine.mounts().filter((mount) => mount.place === place);
  const others = users.filter(({ node }) => node !== machine.name);
  if (others.length > 0) machine.storage.violated(`${machine.name} opens what is mounted on ${others[0]?.node}`);
  require(users.length > 0 === isUsed, isUsed ? 'the app does not run here on it' : `it is in use by ${users[0]?.pod}`);
}

/** @throws Declined where the marker says something else */
export function requireMarker(place: Place, given: Parameters, state: string, attempt: number): void {
  const { marker } = place;
  require(marker, 'the volume has no marker', 'no-marker');
  const [found, expected] = [
    [marker.state, marker.attempt, marker.volume, marker.uuid].join(' '),
    [state, attempt, given.text('volume'), given.text('uuid')].join(' '),
  ];
  if (found !== expected) throw new Declined(`the marker says ${found}, expected ${expected}`, 'other-marker');
}
