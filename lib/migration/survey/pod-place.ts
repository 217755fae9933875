import type { V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { Advice } from '../../core/advice';
import { isPodOf } from '../../kubernetes/pods-of-app';
import { runForFacts } from '../../nodes/run-script';
import type { ReachedNode } from '../../nodes/runner';
import { type PodMount, podMounts } from '../../scripts/node/pod-mounts';
import { type DataVolume, movable } from '../../storage/registry';
import { isSamePath } from '../../volumes/source-differences';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { MediaAppModel } from '../../workload/model';
import { hasItsVolumes } from '../cutover/judge-pod';
import { unreachedNode } from './storage-users';

/** A volume of an app, where its container mounts it. */
export interface MountedVolume {
  readonly mountPath: string;
  readonly volume: DataVolume;
}

type Mounting = Pick<MediaAppModel, 'name' | 'namespace' | 'selector' | 'props' | 'mounts'>;

/** The pods of an app's Deployment that run, or may any moment. One that is ending is waited for by the stop. */
export function runningPods(model: Pick<MediaAppModel, 'namespace' | 'selector'>, pods: readonly V1Pod[]): V1Pod[] {
  return pods.filter(
    (pod) =>
      isPodOf(model, pod) &&
      !pod.metadata?.deletionTimestamp &&
      pod.status?.phase !== 'Succeeded' &&
      pod.status?.phase !== 'Failed' &&
      // A Job may have the labels of the app as well.
      !pod.metadata?.ownerReferences?.some(({ controller, kind }) => controller && kind !== 'ReplicaSet'),
  );
}

/** Where a pod of an app mounts something else than is described at a path, in the container that is described. */
export function podRefusals(model: Mounting, { mountPath, volume }: MountedVolume, pod: V1Pod): Advice[] {
  const name = model.props.containerName ?? model.name;
  const subject = podSubject(pod);
  const remedy = 'describe the app as it runs, or apply what is described first';
  const container = pod.spec?.containers?.find((one) => one.name === name);
  if (!container) {
    const names = pod.spec?.containers?.map((one) => one.name).join(', ');
    return [
      {
        code: 'container-missing',
        subject,
        found: `has containers ${names || 'of no name'}`,
        expected: `one that is called ${name}`,
        remedy,
      },
    ];
  }
  const mount = container.volumeMounts?.find((one) => isSamePath(one.mountPath, mountPath));
  const source = pod.spec?.volumes?.find((one) => one.name === mount?.name);
  const claim = source?.persistentVolumeClaim?.claimName;
  const described = model.mounts.find((one) => one.mountPath === mountPath)?.subPath ?? '';
  const subPath = mount?.subPathExpr ?? mount?.subPath ?? '';
  if (claim === volume.name && isSamePath(subPath, described)) return [];
  const seen = mount ? written(claim ? `claim ${claim}` : `no claim but volume ${mount.name}`, subPath) : 'nothing';
  const wanted = written(`claim ${volume.name}`, described);
  return [
    {
      code: 'mount-differs',
      subject,
      found: `mounts ${seen} at ${mountPath} in container ${name}`,
      expected: wanted,
      remedy,
    },
  ];
}

function written(what: string, subPath: string): string {
  return subPath ? `${what}, subPath ${subPath}` : what;
}

/**
 * Where the node of a pod has something else mounted for it than is described. A PersistentVolume can be made again under its name
 * while a pod keeps what was mounted before.
 */
export async function nodeRefusals(
  nodes: readonly ReachedNode[],
  volumes: readonly DataVolume[],
  pod: V1Pod,
): Promise<Advice[]> {
  const name = pod.spec?.nodeName;
  // No volume of it is mounted yet.
  if (!name || !hasItsVolumes(pod)) return [];
  const subject = podSubject(pod);
  const node = nodes.find((one) => one.name === name);
  if (!node) {
    const remedy = `add it to nodes: '${name}': { ssh: 'admin@192.0.2.210' }`;
    return [
      {
        code: 'node-not-described',
        subject,
        found: `runs where it can't be asked what is mounted for it: ${unreachedNode(name)}`,
        remedy,
      },
    ];
  }
  const asked = await runForFacts(node, podMounts(pod.metadata?.uid ?? ''));
  if (typeof asked === 'string') {
    const reason = `runs on ${name}, which could not be asked what is mounted for it: ${asked}`;
    return [{ code: 'node-unreachable', subject, found: reason, remedy: 'run this again once the node answers' }];
  }
  return volumes.flatMap((volume) => mountRefusals(subject, name, volume, asked.mounts));
}

function mountRefusals(subject: string, node: string, volume: DataVolume, all: readonly PodMount[]): Advice[] {
  const persistentVolume = persistentVolumeName(volume);
  const mounts = all.filter((mount) => mount.volume === persistentVolume);
  if (mounts.length > 0 && mounts.every((mount) => movable(volume).isMounted(volume, mount))) return [];
  const seen = mounts.map((mount) => mountedName(mount)).join(' and ') || 'nothing';
  return [
    {
      code: 'mounted-elsewhere',
      subject,
      found: `has ${seen} mounted on ${node} for PersistentVolume ${persistentVolume}`,
      expected: movable(volume).describeMount(volume),
      remedy:
        'see where the data is that the app writes, and describe that; a pod that was started before its PersistentVolume was made again keeps what was mounted then',
    },
  ];
}

function mountedName({ source, disks }: PodMount): string {
  const names = disks.map(({ iqn, lun, portal }) => `LUN ${lun} of ${iqn} at ${portal}`);
  return names.join(' and ') || source;
}

function podSubject({ metadata }: V1Pod): string {
  return `Pod ${metadata?.namespace}/${metadata?.name}`;
}
