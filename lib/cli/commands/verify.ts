import type { Finding } from '../../core/finding';
import type { V1PodSpec } from '../../core/kubernetes';
import { UserError } from '../../core/problems';
import type { Journal, JournalEntry } from '../../migration/journal/journal';
import { judgeSealed, type SealedFacts } from '../../migration/judge-sealed';
import { describedRefusals } from '../../migration/plan/described-refusals';
import type { DataVolume } from '../../migration/survey/copy-source';
import type { MountedVolume } from '../../migration/survey/pod-place';
import { runForFacts as foundOn } from '../../migration/survey/run-script';
import {
  findVerificationNode,
  podUsage,
  sealedPropsOf,
  type VerificationNode,
} from '../../migration/survey/verification-node';
import type { Progress, Unit } from '../../nodes/runner';
import { type VerifiedVolume, verifyVolume } from '../../scripts/copy/verify-volume';
import { readUnit, unitName } from '../../scripts/unit/unit';
import { isPersistent } from '../../volumes/kinds';
import { persistentVolumeName } from '../../volumes/static-volume';
import { deploymentManifest } from '../../workload/manifests/deployment';
import type { LiveMount } from '../../workload/model';
import { progressText } from '../views/progress-text';
import { type VerifiedMount, verifyText } from '../views/verify-text';
import { Workplace } from '../workplace';

interface Options {
  readonly file: string;
  readonly json?: boolean;
}

/** A volume that an app lives on, as what it was sealed. */
interface SealedMount {
  readonly mount: LiveMount;
  readonly volume: DataVolume;
  readonly latest: JournalEntry;
  /** Claim of the generation that was live before. */
  readonly before?: string;
}

/**
 * Holds what an app's volumes have now against what they had when they were sealed, and prints it; returns the exit code. Nothing
 * is changed. While it looks, nothing else of lunward works at the app.
 */
export async function verify(app: string, { file, json = false }: Options): Promise<number> {
  const workplace = await Workplace.of(file, app);
  const tell = (line: string) => {
    if (!json) console.log(line);
  };
  const mounts = await workplace.whileHeld(async (stillHeld) => {
    const sealed = sealedMounts(workplace, await workplace.journal());
    const pod = await podOf(workplace);
    const all: VerifiedMount[] = [];
    for (const one of sealed) all.push(await verifyMount(workplace, one, pod, { stillHeld, tell }));
    return all;
  });
  console.log(json ? JSON.stringify(mounts, undefined, 2) : verifyText(mounts));
  return mounts.some(({ findings }) => findings.some(({ severity }) => severity === 'error')) ? 1 : 0;
}

/** @throws UserError where there are none */
function sealedMounts({ app, model }: Workplace, journal: Journal): SealedMount[] {
  const sealed = model.mounts.flatMap((mount): SealedMount[] => {
    const live = journal.live[mount.mountPath];
    const volume = mount.generations.filter(isPersistent).find(({ name }) => name === live);
    if (volume?.kind !== 'iscsi' && volume?.kind !== 'nfs') return [];
    const latest = journal.latest(persistentVolumeName(volume));
    if (latest?.state !== 'sealed' || !latest.manifest) return [];
    return [{ mount, volume, latest, before: journal.before[mount.mountPath] }];
  });
  if (sealed.length > 0) return sealed;
  throw new UserError(
    `App "${app}" has no volume that was sealed with a list of what it held, as "lunward migrate" does: there is nothing to hold it against. "lunward status ${app}" says what is live`,
  );
}

/** The pod that the app's Deployment makes; nothing where there is no Deployment. */
async function podOf({ client, model }: Workplace): Promise<V1PodSpec | undefined> {
  const live = await client.read(deploymentManifest(model));
  return (live?.spec as { template?: { spec?: V1PodSpec } } | undefined)?.template?.spec;
}

interface Work {
  readonly stillHeld: () => void;
  readonly tell: (line: string) => void;
}

async function verifyMount(
  workplace: Workplace,
  { mount, volume, latest, before }: SealedMount,
  pod: V1PodSpec | undefined,
  work: Work,
): Promise<VerifiedMount> {
  const { app } = workplace;
  const { found, place } = await lookAt(workplace, volume, latest, work);
  const seal = mount.volume === volume ? mount.seal : undefined;
  const node = place?.node.name;
  const facts: SealedFacts = { app, volume, latest, before, seal, pod, node: node ?? latest.node, found };
  return {
    app,
    mountPath: mount.mountPath,
    claim: volume.name,
    volume: persistentVolumeName(volume),
    attempt: latest.attempt,
    sealedAt: latest.at,
    ...(node && { node }),
    ...(place?.pod && { pod: place.pod }),
    ...(volume.kind === 'nfs' && { isShared: true }),
    ...(typeof found !== 'string' && { found }),
    findings: [...judgeSealed(facts), ...(await describedFindings(workplace, { mountPath: mount.mountPath, volume }))],
  };
}

/** Whether what was looked at is what the app runs on. */
async function describedFindings(workplace: Workplace, mounted: MountedVolume): Promise<Finding[]> {
  const refusals = await describedRefusals(workplace, [mounted]);
  return refusals.map(({ subject, reason, remedy = '' }) => ({ subject, severity: 'error', text: reason, remedy }));
}

/** What is found, or why that is not known: the rest is told all the same. */
async function lookAt(
  workplace: Workplace,
  volume: DataVolume,
  latest: JournalEntry,
  { stillHeld, tell }: Work,
): Promise<{ readonly found: VerifiedVolume | string; readonly place?: VerificationNode }> {
  const { client, nodes, model } = workplace;
  let place: VerificationNode | undefined;
  try {
    place = await findVerificationNode(volume, latest, { client, nodes, model, mayGoOn: stillHeld });
    const props = sealedPropsOf(volume, latest, place, await workplace.chap(volume));
    const { name, runner } = place.node;
    const unit = unitName('verify', props.attempt);
    // What one that was cut off has found is not of now.
    const left = await foundOn(place.node, readUnit(unit));
    const running = runner.unit(unit, verifyVolume({ ...props, readsFiles: true }));
    if (typeof left !== 'string' && left.state === 'ended') await running.cancel();
    const report = await toItsEnd(running, (progress) => {
      stillHeld();
      tell(`verify on ${name}: ${progressText(progress)}`);
    });
    if (report.result === 'declined') return { found: report.reason, place };
    if (volume.kind === 'iscsi' && !place.pod && (await podUsage(volume, workplace)).state !== 'unused') {
      return { found: 'somebody has started a pod on it meanwhile: run it again', place };
    }
    return { found: report.facts, place };
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof Interrupted) throw error;
    return { found: error.message, ...(place && { place }) };
  }
}

class Interrupted extends UserError {}

/** As long as it reads, the node can't unmount the volume: whoever ends the command by hand, or has the lease now, ends that too. */
async function toItsEnd<Facts>(unit: Unit<Facts>, onProgress: (progress: Progress) => void) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let isAsked = false;
  const ask = () => {
    isAsked = true;
    console.error('Ends the reading on the node …');
  };
  let isEnded = false;
  // Once more ends the command at once, and the reading goes on. Of a terminal that is closed two come by themselves.
  for (const signal of signals) process[signal === 'SIGHUP' ? 'on' : 'once'](signal, ask);
  try {
    await unit.start();
    return await unit.reattach({
      onProgress: (progress) => {
        isEnded = true;
        if (isAsked) throw new Interrupted('It was interrupted: nothing is read any more, and nothing was changed');
        onProgress(progress);
        isEnded = false;
      },
    });
  } finally {
    for (const signal of signals) process.off(signal, ask);
    if (isEnded) await unit.cancel();
  }
}
