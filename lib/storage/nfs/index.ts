import { UserError } from '../../core/problems';
import type { FencedPlace } from '../../kubernetes/fence';
import { runForFacts } from '../../nodes/run-script';
import type { ReachedNode } from '../../nodes/runner';
import { probeSource } from '../../scripts/copy/probe-source';
import { type SourceUsers, sourceUsers } from '../../scripts/node/source-users';
import type { NfsVolume } from '../../volumes/nfs';
import { isSamePath, isSameServer } from '../../volumes/source-differences';
import type { MovableKind } from '../movable';
import { type FolderIdentity, identityOfFolder, nfsIdentity } from './identity';
import { describeFolder, folderOf, NO_NODE } from './places';
import { nfsTarget, type SeenFolder } from './target';

/** A folder of an NFS server. Any node may mount it, whatever uses it. */
export const movableNfs: MovableKind<NfsVolume, FolderIdentity, SeenFolder> = {
  ...nfsTarget,
  kind: 'nfs',
  identity: nfsIdentity,
  isExclusive: false,
  isShare: true,
  describedIdentity: identityOfFolder,
  describe: describeFolder,
  describeMount: describeFolder,
  needsCredentials: () => false,
  credentials: async () => undefined,
  fence: fenceOfFolder,
  fenceOfSource: ({ nfs }) => nfs && fenceOfFolder(nfs),
  fenceOfIdentity: fenceOfFolder,
  fileSystem: () => 'nfs',
  source: (volume) => volume,
  target: folderOf,
  describeVersion: (version) => ` by NFS ${version}`,
  inspectSource: async (volume, { nodes: [node], texts }) => ({
    sourceIdentity: { place: identityOfFolder(volume) },
    found: node ? await runForFacts(node, probeSource(volume, { checksDatabases: true, texts })) : NO_NODE,
  }),
  usedOn: () => undefined,
  usesOn,
  isMounted: (volume, { source }) => {
    const [, server = '', path = ''] = /^(.*?):(\/.*)$/.exec(source) ?? [];
    return isSameServer(server, volume.server) && isSamePath(path, volume.path);
  },
  // The guard has proven by its marker whose folder it is.
  assertMounted: async (volume, node, _, look) => {
    const users = await look(sourceUsers(volume), `the folder of ${volume.name}`);
    if (users.mounts.length > 0) return `${describeFolder(volume)} is mounted on ${node}`;
    throw new UserError(`${node} has ${describeFolder(volume)} not mounted, and the app runs there`, {
      code: 'not-mounted',
    });
  },
};

function fenceOfFolder({ server, path }: Pick<FolderIdentity, 'server' | 'path'>): FencedPlace {
  return { nfs: [{ server, path }] };
}

async function usesOn(volume: NfsVolume, node: ReachedNode): Promise<readonly string[] | string> {
  const users = await runForFacts(node, sourceUsers(volume));
  if (typeof users === 'string') return users;
  return withoutDuplicateMounts(users.mounts).map(
    ({ source, mountpoint, process }) =>
      `${node.name} has ${source} mounted at ${mountpoint}${process ? `, as process ${process} sees it` : ''}`,
  );
}

/** Mounts, without those that a process in a namespace of its own sees as every process does. */
export function withoutDuplicateMounts(mounts: SourceUsers['mounts']): SourceUsers['mounts'] {
  return mounts.filter(
    ({ source, mountpoint, process }) =>
      process === 0 ||
      !mounts.some((other) => other.process === 0 && other.source === source && other.mountpoint === mountpoint),
  );
}
