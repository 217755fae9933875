import type { Finding } from '../core/advice';
import type { V1PodSpec } from '../core/kubernetes';
import { readableBytes } from '../core/quantity';
import type { VerifiedVolume } from '../scripts/copy/verify-volume';
import type { DataVolume } from '../storage/registry';
import { persistentVolumeName } from '../volumes/static-volume';
import { isGuard } from '../workload/guard';
import type { Seal } from '../workload/model';
import type { EntryIn } from './journal/entry';
import { markerMissing } from './survey/marker-look';

/** What is known of a sealed volume that an app lives on. */
export interface SealedFacts {
  readonly app: string;
  readonly volume: DataVolume;
  /** As what the journal says it was sealed. */
  readonly latest: EntryIn<'sealed'>;
  /** The generation that was live before, by its claim. */
  readonly before?: string;
  /** As what the lock says it was sealed, where that says it is live. */
  readonly seal?: Seal;
  /** Of the app's Deployment; nothing where that is not in the cluster. */
  readonly pod?: V1PodSpec;
  /** The node that it was looked at from. */
  readonly node: string;
  /** What was found there, or why that is not known. */
  readonly found: VerifiedVolume | string;
  /** Whether it has no marker any more. @default false */
  readonly isUnmarked?: boolean;
}

type Told = Omit<Finding, 'subject'>;

/** Everything that is not as it was sealed, or is not known; what the app has written since is no such thing. */
export function judgeSealed(facts: SealedFacts): Finding[] {
  const subject = `PersistentVolume ${persistentVolumeName(facts.volume)}`;
  const told = [...contentProblems(facts), ...lockProblems(facts), ...guardProblems(facts)];
  return told.map((one) => ({ subject, ...one }));
}

function contentProblems({ found, isUnmarked, latest, node, app, before }: SealedFacts): Told[] {
  if (isUnmarked) {
    const { subject: _, ...told } = markerMissing(app, '');
    return [{ severity: 'error', ...told }];
  }
  if (typeof found === 'string') {
    return [
      {
        severity: 'error',
        code: 'not-verified',
        found: `can't be verified: ${found}`,
        remedy: `once that is mended: "lunward verify ${app}"`,
      },
    ];
  }
  const { damaged, unreadable, complaint, manifest } = found;
  const problems: Told[] = [];
  if (manifest !== latest.manifest) {
    problems.push({
      severity: 'error',
      code: 'list-differs',
      found: `was sealed with list ${manifest} by its marker`,
      expected: `${latest.manifest}, as the journal has it`,
      remedy: `one of them was changed: compare with the report of the move in lunward-reports, which names the list; keep the app from it until you know`,
    });
  }
  const elsewhere = before
    ? `from "${before}", which holds them as they were moved, or from a backup`
    : 'from a backup';
  if (damaged.files.count > 0) {
    problems.push({
      severity: 'error',
      code: 'file-damaged',
      found: `has ${amount(damaged)} with the size and time of then and other bytes on its disk: ${named(damaged)}`,
      remedy: `have the NAS check its disks and their file system, then restore these ${elsewhere}; if a program of the app's keeps the times of what it writes, they may be its own`,
    });
  }
  if (unreadable.files.count > 0) {
    problems.push({
      severity: 'error',
      code: 'file-unreadable',
      found: `has ${amount(unreadable)} that can't be read: ${named(unreadable)} (${complaint || 'no reason was given'})`,
      remedy: `look into the kernel's log of ${node} (dmesg) and have the NAS check its disks, then restore these ${elsewhere}`,
    });
  }
  return problems;
}

function lockProblems({ app, latest: { attempt, uuid }, seal }: SealedFacts): Told[] {
  if (seal?.attempt === attempt && seal.uuid === uuid) return [];
  const says = seal
    ? `attempt ${seal.attempt}, UUID ${seal.uuid}`
    : 'nothing of it, or that another generation is live';
  return [
    {
      severity: 'error',
      code: 'lock-differs',
      found: `is sealed as attempt ${attempt}, UUID ${uuid}, and lunward.lock.json says ${says}: what is applied from it has no guard, or another one`,
      remedy: `"lunward status ${app} --write-lock" writes what the journal says; then commit it`,
    },
  ];
}

/** The app must start only on this volume, whoever starts it: that is what the init container of its Deployment is for. */
function guardProblems({ volume, latest, pod }: SealedFacts): Told[] {
  const remedy = 'apply the description again, with lunward.lock.json beside it: what it makes has the guard';
  if (!pod)
    return [
      {
        severity: 'error',
        code: 'deployment-missing',
        found: 'belongs to an app whose Deployment is not in the cluster',
        remedy,
      },
    ];
  const mounted = (pod.volumes ?? []).filter(
    ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === volume.name,
  );
  if (mounted.length === 0) {
    return [
      {
        severity: 'error',
        code: 'mount-differs',
        found: `is not what the Deployment mounts: it has no claim "${volume.name}"`,
        remedy,
      },
    ];
  }
  const guards = (pod.initContainers ?? []).filter(
    ({ name, volumeMounts = [] }) =>
      isGuard({ name }) && volumeMounts.some((mount) => mounted.some((one) => one.name === mount.name)),
  );
  const expected = [String(latest.attempt), persistentVolumeName(volume), latest.uuid];
  if (guards.some(({ args = [] }) => args.slice(2).join(' ') === expected.join(' '))) return [];
  const [guard] = guards;
  const wants = guard && `whose guard wants "${(guard.args ?? []).slice(2).join(' ')}"`;
  return [
    {
      severity: 'error',
      code: 'guard-differs',
      found: `is mounted by a Deployment ${wants ?? 'without a guard'}`,
      expected: wants ? `"${expected.join(' ')}"` : 'one',
      remedy: `the app would start on another volume, or an empty one: ${remedy}`,
    },
  ];
}

type Some = VerifiedVolume['damaged'];

function amount({ files, bytes }: Some): string {
  return `${files.count === 1 ? '1 file' : `${files.count} files`} (${readableBytes(bytes)})`;
}

function named({ files }: Some): string {
  const more = files.count - files.names.length;
  return [...files.names.map((name) => JSON.stringify(name)), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
