import type { Advice } from '../../core/advice';
import { readableBytes } from '../../core/quantity';
import type { Chap } from '../../scripts/chap';
import type { ProbedSource } from '../../scripts/copy/probe-source';
import { sealVolume } from '../../scripts/copy/seal-volume';
import type { SourceObservation } from '../../storage/movable';
import { type DataVolume, describeIdentity, type Identity, isSameIdentity, movable } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { ExpectedData } from '../../workload/database-mounts';
import type { EntryIn } from '../journal/entry';
import { requireKind } from '../journal/journaled-target';
import { missingDataRefusals } from './expected-data';
import { fileSystemOf, type Planned, placeOf, planned } from './plan';

/** What writing the marker of a live volume again follows from. */
export interface MarkerFacts {
  readonly app: string;
  readonly mountPath: string;
  readonly volume: DataVolume;
  readonly latest: EntryIn<'sealed'>;
  /** The node that writes it. */
  readonly node: string;
  /** What the volume is and holds now. */
  readonly seen: SourceObservation<Identity>;
  readonly expected: ExpectedData;
  /** What else is in the way. */
  readonly refusals: readonly Advice[];
  readonly chap?: Chap;
}

/**
 * The plan to write the marker of a live volume again, which somebody has deleted: only if the place, the file system and the data are
 * those that the journal has as sealed. Nothing else is written, and the journal stays as it is.
 */
export function planMarker(facts: MarkerFacts): Planned {
  const { app, mountPath, volume, latest, node, seen, chap } = facts;
  const refusals = [...facts.refusals, ...volumeRefusals(facts)];
  if (refusals.length > 0) return { refusals };
  const { target: identity, uuid, attempt: number, manifest } = latest;
  const attempt = { volume: persistentVolumeName(volume), attempt: number, uuid };
  const target = movable(volume).target(volume, requireKind(volume, latest).target);
  const script = sealVolume(target, attempt, typeOf(volume, seen), chap, 'none', manifest);
  return planned({
    app,
    mountPath,
    ...placeOf({ volume, identity, attempt }),
    steps: [
      {
        name: 'seal',
        node,
        text: `writes the marker of attempt ${number} of ${attempt.volume} again, and nothing else`,
        script,
      },
    ],
    whenItFails: 'The data on the volume is as it was; it may have its marker already, which is recognised',
  });
}

/** What is on the volume, for a person, who must know whether that is the app's data. */
export function markerLines({ found }: Pick<MarkerFacts['seen'], 'found'>): string[] {
  if (typeof found === 'string') return [];
  const names = found.databases.map(({ path }) => path);
  return [
    `its marker was deleted; it holds ${found.files} files of ${readableBytes(found.bytes)}`,
    ...(names.length > 0 ? [`databases: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`] : []),
  ];
}

function volumeRefusals(facts: MarkerFacts): Advice[] {
  const { volume, latest, seen } = facts;
  const subject = `PersistentVolume ${persistentVolumeName(volume)}`;
  const { found, sourceIdentity } = seen;
  if (typeof found === 'string' || !sourceIdentity) {
    const reason = typeof found === 'string' ? found : 'no node inspected it';
    return [{ code: 'target-unreadable', subject, found: `could not be inspected: ${reason}` }];
  }
  const { place, uuid } = sourceIdentity;
  if (!isSameIdentity(place, latest.target) || (uuid !== undefined && uuid !== latest.uuid)) {
    const withUuid = (id: string | undefined) =>
      id === undefined || uuid === undefined ? '' : ` with file system ${id}`;
    return [
      {
        code: 'disk-differs',
        subject,
        found: `is ${describeIdentity(place)}${withUuid(uuid)}`,
        expected: `${describeIdentity(latest.target)}${withUuid(latest.uuid)}, where the journal records it as sealed`,
        remedy: 'have the NAS serve that volume again',
      },
    ];
  }
  return dataRefusals(subject, facts.expected, found);
}

function dataRefusals(subject: string, expected: ExpectedData, found: ProbedSource): Advice[] {
  const missing = missingDataRefusals(subject, expected, found);
  if (missing.length > 0 || found.files > 0) return missing;
  const remedy = 'see that its file system is mounted on the NAS';
  return [{ code: 'source-empty', subject, found: 'holds no file', remedy }];
}

/** A LUN that was adopted may have another file system than is described. */
function typeOf(volume: DataVolume, { found }: MarkerFacts['seen']): string {
  const seen = typeof found === 'string' ? '' : found.version;
  return movable(volume).fileSystems && /^(ext4|xfs)$/.test(seen) ? seen : fileSystemOf(volume);
}
