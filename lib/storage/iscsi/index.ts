import { isSameIscsiName } from '../../core/iscsi-names';
import { UnreachableError, UserError } from '../../core/problems';
import { chapOf } from '../../kubernetes/chap-secret';
import type { FencedPlace, Lun } from '../../kubernetes/fence-objects';
import { runForFacts, tryRun } from '../../nodes/run-script';
import type { ReachedNode } from '../../nodes/runner';
import type { Chap } from '../../scripts/chap';
import { endSession } from '../../scripts/lun/end-session';
import { probeLun } from '../../scripts/lun/probe-lun';
import { nodeFacts } from '../../scripts/node/node-facts';
import type { PodMount } from '../../scripts/node/pod-mounts';
import type { IscsiVolume } from '../../volumes/iscsi';
import { canonicalPortal } from '../../volumes/source-differences';
import type { JournaledIdentity, Look, MovableKind } from '../movable';
import { type DiskIdentity, identityOfLun, iscsiIdentity } from './identity';
import { describeLun, fileSystemOfLun, iscsiSource, plannedLun } from './places';
import { sessionUses } from './session-uses';
import { inspectLunSource, lunUsage } from './source';
import { iscsiTarget } from './target';

/** A LUN of an iSCSI target. A second node at a disk in use destroys its file system. */
export const movableIscsi: MovableKind<IscsiVolume, DiskIdentity, undefined> = {
  ...iscsiTarget,
  kind: 'iscsi',
  identity: iscsiIdentity,
  isExclusive: true,
  isShare: false,
  describe: describeLun,
  describeMount: (volume) => `${describeLun(volume)} at ${volume.targetPortal}`,
  needsCredentials: ({ chapAuthSession = false }) => chapAuthSession,
  credentials: chapOf,
  fence: fenceOfLun,
  fenceOfSource: ({ iscsi }) => iscsi && fenceOfLun(iscsi),
  fileSystem: fileSystemOfLun,
  describeVersion: (version) => `, ${version}`,
  source: iscsiSource,
  target: plannedLun,
  inspectSource: inspectLunSource,
  usedOn: (volume, observations) => lunUsage(volume, observations).usedOn,
  usesOn,
  endIdleUse,
  isMounted,
  assertMounted,
};

function fenceOfLun({ iqn, lun }: Lun): FencedPlace {
  return { luns: [{ iqn, lun }] };
}

async function usesOn(volume: IscsiVolume, node: ReachedNode): Promise<readonly string[] | string> {
  const facts = await runForFacts(node, nodeFacts());
  return typeof facts === 'string' ? facts : sessionUses(volume, facts).map((use) => `${node.name} ${use}`);
}

/** A kubelet that could not mount a LUN stays logged in to it for ever. */
async function endIdleUse(volume: IscsiVolume, { runner }: ReachedNode): Promise<{ readonly iqn: string } | undefined> {
  const { result } = await tryRun(runner, endSession(volume));
  return result === 'changed' ? { iqn: volume.iqn } : undefined;
}

function isMounted(volume: IscsiVolume, { disks }: PodMount): boolean {
  const portals = [volume.targetPortal, ...(volume.portals ?? [])].map(canonicalPortal);
  return (
    disks.length > 0 &&
    disks.every(
      ({ iqn, lun, portal }) =>
        isSameIscsiName(iqn, volume.iqn) && lun === volume.lun && portals.includes(canonicalPortal(portal)),
    )
  );
}

/** The app's disk is the one that was sealed, mounted on the node that the app runs on. */
async function assertMounted(
  volume: IscsiVolume,
  node: string,
  sealed: JournaledIdentity<DiskIdentity>,
  look: Look,
  chap?: Chap,
): Promise<string> {
  const lun = plannedLun(volume, sealed.target);
  const subject = `the disk of ${volume.name}`;
  const seen = await look(probeLun(lun, chap), subject);
  if (seen.problem) throw new UnreachableError(`${subject} can't be inspected: ${seen.problem}`);
  const disk = seen.luns.find((one) => one.lun === lun.lun);
  if (
    disk &&
    iscsiIdentity.isSame(identityOfLun(disk), sealed.target) &&
    disk.uuid === sealed.uuid &&
    disk.use.startsWith('mounted')
  ) {
    return `disk ${lun.wwn} with file system ${sealed.uuid} is mounted on ${node}`;
  }
  const found = disk
    ? `disk ${disk.wwn} with file system ${disk.uuid || 'none'}, ${disk.use || 'not in use'}`
    : 'no disk';
  throw new UserError(
    `${node} has ${found} as LUN ${lun.lun} of ${lun.iqn}, expected ${lun.wwn} with ${sealed.uuid}, mounted for the app`,
    { code: 'not-mounted' },
  );
}
