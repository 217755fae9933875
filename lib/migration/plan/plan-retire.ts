import type { V1PersistentVolume, V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};
import type { Advice } from '../../core/advice';
import { kindOf, type PersistentVolume } from '../../volumes/kinds';
import { describeLocation } from '../../volumes/location';
import type { JournalEntry } from '../journal/entry';
import { approvalDigest } from './plan';

/** A generation that is not live, and what the cluster has of it. */
export interface RetireFacts {
  readonly app: string;
  readonly mountPath: string;
  readonly volume: PersistentVolume;
  /** Name of its PersistentVolume. */
  readonly name: string;
  /** Namespace of its claim. */
  readonly namespace: string;
  /** Claim of the generation that is live. */
  readonly live: string;
  /** What was written of it last; nothing of one that data was never moved to. */
  readonly latest?: JournalEntry;
  readonly claim?: V1PersistentVolumeClaim;
  readonly persistentVolume?: V1PersistentVolume;
  /** That use it, or may any moment. */
  readonly pods: readonly V1Pod[];
  /** Other apps of the description that have it as well. */
  readonly otherApps: readonly string[];
}

/** What leaves the cluster, with what is approved; or what is in the way. */
export type RetirePlan =
  | { readonly lines: readonly string[]; readonly digest: string; readonly refusals?: undefined }
  | { readonly refusals: readonly Advice[] };

/** @param volumes those that are to go, at least one of which is still in the cluster, or in the lock */
export function planRetire(volumes: readonly RetireFacts[]): RetirePlan {
  const refusals = volumes.flatMap(refusalsOf);
  if (refusals.length > 0) return { refusals };
  const lines = volumes.flatMap(linesOf);
  const objects = volumes.map(({ claim, persistentVolume }) => [claim?.metadata?.uid, persistentVolume?.metadata?.uid]);
  return { lines, digest: approvalDigest([lines, objects]) };
}

function linesOf({ app, mountPath, volume, name, namespace, live, latest }: RetireFacts): string[] {
  const place = describeLocation(kindOf(volume).location(volume, namespace));
  const held =
    latest?.state === 'rolled-back'
      ? `what ${app} wrote there until it was rolled back at ${latest.at}`
      : `what ${app} had when its data was moved away`;
  return [
    `${app}: ${mountPath} is on claim ${live}; PersistentVolume ${name} and claim ${namespace}/${volume.name} leave the cluster`,
    `  ${place} keeps all that it holds, ${held}; "lunward rollback" does not lead there any more`,
  ];
}

function refusalsOf(facts: RetireFacts): Advice[] {
  return [...kindRefusals(facts), ...userRefusals(facts), ...objectRefusals(facts)];
}

function kindRefusals({ volume }: RetireFacts): Advice[] {
  if (volume.kind !== 'claim' && volume.kind !== 'existingClaim') return [];
  return [
    {
      code: 'claim-not-ours',
      subject: `Claim ${volume.name}`,
      found: `was created by ${volume.kind === 'claim' ? 'its storage class' : 'something else'}: deleting it may delete its disk, which Lunward did not create`,
      remedy: 'delete it by hand once nothing needs its data',
    },
  ];
}

function userRefusals({ pods, otherApps, volume }: RetireFacts): Advice[] {
  return [
    ...pods.map(
      ({ metadata }): Advice => ({
        code: 'volume-in-use',
        subject: `Pod ${metadata?.namespace}/${metadata?.name}`,
        found: `uses the data of claim ${volume.name}`,
        remedy: 'end it first, whatever starts it',
      }),
    ),
    ...otherApps.map(
      (other): Advice => ({
        code: 'claim-shared',
        subject: `apps.${other}`,
        found: `has claim ${volume.name} in its description as well`,
        remedy: 'take it out there first',
      }),
    ),
  ];
}

const notMeant = 'it is not the one that is described: see whose it is; lunward deletes neither';

/** Both objects are deleted, so both must be those that are meant, and the data must outlive them. */
function objectRefusals({ claim, persistentVolume, volume, name, namespace }: RetireFacts): Advice[] {
  const refusals: Advice[] = [];
  const bound = claim?.spec?.volumeName;
  if (bound && bound !== name) {
    refusals.push({
      code: 'claim-bound-elsewhere',
      subject: `Claim ${namespace}/${volume.name}`,
      found: `is bound to PersistentVolume ${bound}`,
      expected: name,
      remedy: notMeant,
    });
  }
  const { claimRef, persistentVolumeReclaimPolicy: policy } = persistentVolume?.spec ?? {};
  if (claimRef && (claimRef.name !== volume.name || claimRef.namespace !== namespace)) {
    refusals.push({
      code: 'volume-of-other-claim',
      subject: `PersistentVolume ${name}`,
      found: `is for claim ${claimRef.namespace}/${claimRef.name}`,
      expected: `claim ${namespace}/${volume.name}`,
      remedy: notMeant,
    });
  }
  if (persistentVolume && policy !== 'Retain') {
    refusals.push({
      code: 'reclaim-policy',
      subject: `PersistentVolume ${name}`,
      found: `has the reclaim policy ${policy}: with its claim its data might go as well`,
      remedy: `kubectl patch pv ${name} --patch '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
    });
  }
  return refusals;
}
