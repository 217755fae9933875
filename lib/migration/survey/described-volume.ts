import type { V1PersistentVolume, V1PersistentVolumeClaim } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};
import type { Advice } from '../../core/advice';
import { giveBack, keepData } from '../../kubernetes/give-back';
import type { MountObjects } from '../../kubernetes/volume-users';
import type { DataVolume } from '../../storage/registry';
import { sourceDifferences } from '../../volumes/source-differences';
import { persistentVolumeName } from '../../volumes/static-volume';

/** A described volume, and the claims and PersistentVolumes that the cluster has. */
export interface DescribedFacts extends Pick<MountObjects, 'claims' | 'volumes'> {
  readonly volume: DataVolume;
  /** Of the app. */
  readonly namespace: string;
}

/**
 * Where the claim of a description, and the PersistentVolume that it is bound to, are not as they are described, or are about to be
 * deleted. The bytes of an app are where these two lead, whatever a description says.
 */
export function boundRefusals(facts: DescribedFacts): Advice[] {
  const { claim, persistentVolume } = boundObjects(facts);
  const name = persistentVolumeName(facts.volume);
  if (!claim) {
    const remedy = `describe the claim that the app uses, or apply it: "lunward synth" writes it`;
    return [
      {
        code: 'claim-missing',
        subject: claimSubject(facts),
        found: 'is not in the cluster',
        expected: 'it Bound',
        remedy,
      },
    ];
  }
  const ofClaim = claimRefusals(claim, facts);
  if (ofClaim.length > 0) return ofClaim;
  if (!persistentVolume) {
    const remedy = `"lunward doctor" says how it is made again`;
    return [
      {
        code: 'volume-missing',
        subject: volumeSubject(name),
        found: 'is not in the cluster, and its claim is bound to it',
        remedy,
      },
    ];
  }
  return volumeRefusals(persistentVolume, claim, facts);
}

/** The claim of a description, and the PersistentVolume of it. */
export function boundObjects({ volume, namespace, claims, volumes }: DescribedFacts): {
  readonly claim?: V1PersistentVolumeClaim;
  readonly persistentVolume?: V1PersistentVolume;
} {
  const own = volume.namespace ?? namespace;
  const claim = claims.find(({ metadata }) => metadata?.name === volume.name && metadata.namespace === own);
  const name = persistentVolumeName(volume);
  const persistentVolume = volumes.find(({ metadata }) => metadata?.name === name);
  return { ...(claim && { claim }), ...(persistentVolume && { persistentVolume }) };
}

/** Deleted objects that stay only as long as something uses them: a claim with its last pod, a PersistentVolume with its claim. */
export function terminatingRefusals(facts: DescribedFacts): Advice[] {
  const { claim, persistentVolume } = boundObjects(facts);
  return [...terminatingClaim(claim, facts), ...terminatingVolume(persistentVolume, facts)];
}

/** Where a PersistentVolume of this name keeps its bytes elsewhere than its description says, or is for another claim. */
export function volumeRefusals(
  persistentVolume: V1PersistentVolume,
  claim: V1PersistentVolumeClaim | undefined,
  facts: DescribedFacts,
): Advice[] {
  const { volume, namespace } = facts;
  const { spec, status } = persistentVolume;
  const subject = volumeSubject(persistentVolume.metadata?.name);
  const refusals: Advice[] = [...terminatingVolume(persistentVolume, facts)];
  const bound = spec?.claimRef;
  const isOurs = bound?.namespace === (volume.namespace ?? namespace) && bound?.name === volume.name;
  const isSameClaim = isOurs && (!claim || !bound?.uid || bound.uid === claim.metadata?.uid);
  if (bound && !isSameClaim) {
    const whose = `${bound.namespace}/${bound.name}${isOurs ? ` with the uid ${bound.uid}, which is gone` : ''}`;
    refusals.push({
      code: 'volume-of-other-claim',
      subject,
      found: `is for claim ${whose}`,
      expected: `claim ${volume.namespace ?? namespace}/${volume.name}`,
      remedy: 'describe the PersistentVolume that the claim of the app is bound to: "lunward doctor" says more',
    });
  }
  if (claim && status?.phase !== 'Bound') {
    refusals.push({
      code: 'volume-not-bound',
      subject,
      found: `is ${status?.phase ?? 'of no phase'}`,
      expected: 'Bound',
      remedy: '"lunward doctor" says what to do',
    });
  }
  const differing = sourceDifferences(volume, namespace, spec ?? {});
  if (differing.length > 0) {
    refusals.push({
      code: 'stored-elsewhere',
      subject,
      found: `keeps its data elsewhere than is described: ${differing.join('; ')}`,
      remedy: `describe "${volume.name}" as the cluster has it: the app's data is where the PersistentVolume says`,
    });
  }
  return refusals;
}

function claimRefusals(claim: V1PersistentVolumeClaim, facts: DescribedFacts): Advice[] {
  const subject = claimSubject(facts);
  const terminating = terminatingClaim(claim, facts);
  if (terminating.length > 0) return terminating;
  const phase = claim.status?.phase;
  if (phase !== 'Bound') {
    const reason = `is ${phase ?? 'of no phase'}`;
    return [
      {
        code: 'claim-not-bound',
        subject,
        found: reason,
        expected: 'Bound',
        remedy: '"lunward doctor" says why, and what to do',
      },
    ];
  }
  const [name, bound] = [persistentVolumeName(facts.volume), claim.spec?.volumeName];
  if (bound === name) return [];
  const remedy = `see with "kubectl get pv ${bound} -o yaml" where the app's data is, and describe that, with volumeName: '${bound}'`;
  return [
    { code: 'claim-bound-elsewhere', subject, found: `is bound to PersistentVolume ${bound}`, expected: name, remedy },
  ];
}

function terminatingClaim(claim: V1PersistentVolumeClaim | undefined, facts: DescribedFacts): Advice[] {
  if (!claim?.metadata?.deletionTimestamp) return [];
  const { volume, namespace } = facts;
  const name = claim.spec?.volumeName ?? persistentVolumeName(volume);
  const own = { namespace: volume.namespace ?? namespace, name: volume.name };
  return [
    {
      code: 'terminating',
      subject: claimSubject(facts),
      found: 'is Terminating: it was deleted, and is gone as soon as no pod uses it any more',
      remedy: `a deletion can't be undone: ${keepData(name)}; end the pods that use it ("Used By" of kubectl describe pvc ${own.name} -n ${own.namespace}); once the claim is gone: ${giveBack(name, own)}; then apply the claim again, and start what used it`,
    },
  ];
}

function terminatingVolume(persistentVolume: V1PersistentVolume | undefined, { volume }: DescribedFacts): Advice[] {
  if (!persistentVolume?.metadata?.deletionTimestamp) return [];
  const name = persistentVolume.metadata.name ?? persistentVolumeName(volume);
  return [
    {
      code: 'terminating',
      subject: volumeSubject(name),
      found: 'is Terminating: it was deleted, and is gone as soon as its claim is',
      remedy: `a deletion can't be undone: ${keepData(name)}; keep its manifest (kubectl get pv ${name} -o yaml); end the pods that use its claim, and delete that; then apply PersistentVolume and claim again, and start what used it`,
    },
  ];
}

function claimSubject({ volume, namespace }: DescribedFacts): string {
  return `PersistentVolumeClaim ${volume.namespace ?? namespace}/${volume.name}`;
}

function volumeSubject(name: string | undefined): string {
  return `PersistentVolume ${name}`;
}
