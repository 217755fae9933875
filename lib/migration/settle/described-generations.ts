import type { Advice } from '../../core/advice';
import { UserError } from '../../core/problems';
import { type MountObjects, readMountObjects } from '../../kubernetes/volume-users';
import {
  type DataVolume,
  describeIdentity,
  describeStorage,
  isMovable,
  isSameIdentity,
  movable,
} from '../../storage/registry';
import { isPersistent } from '../../volumes/kinds';
import { placeDifferences } from '../../volumes/source-differences';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { MediaAppModel } from '../../workload/model';
import type { CutoverContext } from '../cutover/cutover-context';
import type { Journal } from '../journal/journal';
import { refusalText } from '../plan/described-refusals';
import { boundObjects } from '../survey/described-volume';
import { type RecordedPlaces, recordedPlaces } from './recorded-places';

/** What is compared with the journal and the cluster. */
export interface DescribedGenerations {
  readonly model: Pick<MediaAppModel, 'mounts' | 'namespace'>;
  readonly journal: Pick<Journal, 'live' | 'before' | 'retired' | 'cutover' | 'latest'>;
}

/**
 * The generations for which the description names another place than the journal or the cluster, which know where the data is: the source
 * of a PersistentVolume can't be changed, and the journal records a sealed folder. What follows from such a description, a fence for
 * example, is wrong.
 *
 * @param isAsked whether the generation with this claim is compared. Default: each is
 */
export function placeRefusals(
  { model: { mounts, namespace }, journal }: DescribedGenerations,
  { claims, volumes }: Pick<MountObjects, 'claims' | 'volumes'>,
  isAsked: (claim: string) => boolean = () => true,
): Advice[] {
  const generations = mounts.flatMap((mount) => mount.generations.filter(isPersistent).filter(isMovable));
  const asked = generations.filter(({ name }) => isAsked(name));
  return asked.flatMap((volume) => [
    ...sealedElsewhere(volume, journal),
    ...boundElsewhere(volume, namespace, { claims, volumes }),
  ]);
}

/** Only a sealed volume: an attempt that is under way or was given up may begin again in another place. */
function sealedElsewhere(volume: DataVolume, journal: Pick<Journal, 'latest'>): Advice[] {
  const name = persistentVolumeName(volume);
  const latest = journal.latest(name);
  if (latest?.state !== 'sealed') return [];
  const described = movable(volume).describedIdentity?.(volume);
  const isSame = described ? isSameIdentity(described, latest.target) : latest.target.kind === volume.kind;
  if (isSame) return [];
  return [
    {
      code: 'stored-elsewhere',
      subject: `PersistentVolume ${name}`,
      found: `is described as ${describeStorage(volume)}`,
      expected: `${describeIdentity(latest.target)}, where the journal records it as sealed`,
      remedy: 'describe it as it was; another place needs a generation with a name of its own',
    },
  ];
}

function boundElsewhere(
  volume: DataVolume,
  namespace: string,
  objects: Pick<MountObjects, 'claims' | 'volumes'>,
): Advice[] {
  const name = persistentVolumeName(volume);
  const { claim, persistentVolume } = boundObjects({ volume, namespace, ...objects });
  const bound = claim?.spec?.volumeName;
  if (bound && bound !== name) {
    return [
      {
        code: 'claim-bound-elsewhere',
        subject: `PersistentVolumeClaim ${volume.namespace ?? namespace}/${volume.name}`,
        found: `is bound to PersistentVolume ${bound}`,
        expected: name,
        remedy: `describe it with volumeName: '${bound}'`,
      },
    ];
  }
  const differing = persistentVolume ? placeDifferences(volume, namespace, persistentVolume.spec ?? {}) : [];
  if (differing.length === 0) return [];
  return [
    {
      code: 'stored-elsewhere',
      subject: `PersistentVolume ${name}`,
      found: `keeps its data elsewhere than is described: ${differing.join('; ')}`,
      remedy: 'describe it as the cluster has it',
    },
  ];
}

/**
 * The volumes that the journal knows, and the description does not have, as in an old checkout.
 *
 * @param before what was live before, by mount path. Default: what the journal says
 */
export function missingRefusals(site: DescribedGenerations, before = site.journal.before): Advice[] {
  return missingVolumes(site, before).map(({ mountPath, claim }) => ({
    code: 'volume-not-described',
    subject: `Claim ${claim}`,
    found: `belongs to ${mountPath} according to the journal, and is not described there`,
    remedy: 'put its line back, or use the current description',
  }));
}

function missingVolumes({ model: { mounts }, journal }: DescribedGenerations, before = journal.before) {
  const { live, retired, cutover } = journal;
  const known = [
    ...Object.entries(live),
    ...Object.entries(before),
    ...(cutover?.volumes ?? []).flatMap(({ mountPath, from, to }) => [
      [mountPath, from] as const,
      [mountPath, to] as const,
    ]),
  ];
  const isDescribed = (mountPath: string, claim: string) =>
    mounts.some(
      (mount) =>
        mount.mountPath === mountPath && mount.generations.filter(isPersistent).some(({ name }) => name === claim),
    );
  const missing = new Map(
    known
      .filter(([mountPath, claim]) => !retired.includes(claim) && !isDescribed(mountPath, claim))
      .map(([mountPath, claim]) => [`${mountPath} ${claim}`, { mountPath, claim }]),
  );
  return [...missing.values()];
}

/**
 * Refuses to change an app if the description names another place for one of its generations, or lacks a live one. The line of an earlier
 * generation may have been deleted.
 *
 * @param involved claims of the generations that the change is about, for one that must not wait for the lines of others. Default: all
 * @returns where the others are for which the description is wrong, and why it is. Default: it is right
 * @throws UserError with all that differs
 */
export async function assertPlaces(
  site: DescribedGenerations & Pick<CutoverContext, 'app' | 'client'>,
  involved?: readonly string[],
): Promise<{ readonly reason?: string; readonly places: RecordedPlaces }> {
  const objects = await readMountObjects(site.client);
  const isInvolved = (claim: string) => involved?.includes(claim) ?? true;
  assertNone(site.app, [...missingRefusals(site, {}), ...placeRefusals(site, objects, isInvolved)]);
  const others = claimsOf(site.model).filter((claim) => !isInvolved(claim));
  const elsewhere = others.map((claim) => [claim, placeRefusals(site, objects, (one) => one === claim)] as const);
  const refusals = elsewhere.flatMap(([, refused]) => refused);
  const wrong = elsewhere.flatMap(([claim, refused]) => (refused.length > 0 ? [claim] : []));
  const missing = missingVolumes(site).map(({ claim }) => claim);
  const places = recordedPlaces([...wrong, ...missing], { ...site, ...objects });
  return { ...(refusals.length > 0 && { reason: differenceText(site.app, refusals) }), places };
}

/**
 * The same for all generations that the journal knows: fence and lock file follow from all of them.
 *
 * @throws UserError with all that differs
 */
export async function assertGenerations(
  site: DescribedGenerations & Pick<CutoverContext, 'app' | 'client'>,
): Promise<void> {
  assertNone(site.app, [...missingRefusals(site), ...placeRefusals(site, await readMountObjects(site.client))]);
}

function claimsOf({ mounts }: DescribedGenerations['model']): string[] {
  const all = mounts.flatMap(({ generations }) => generations.filter(isPersistent).map(({ name }) => name));
  return [...new Set(all)];
}

function assertNone(app: string, refusals: readonly Advice[]): void {
  if (refusals.length === 0) return;
  throw new UserError(differenceText(app, refusals), {
    category: 'refused',
    code: 'description-edited',
    advice: refusals,
  });
}

function differenceText(app: string, refusals: readonly Advice[]): string {
  return `The description of ${app} does not match its volumes: ${refusalText(refusals)}`;
}
