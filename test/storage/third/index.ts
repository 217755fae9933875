import { z } from 'zod';
import type { Advice } from '../../../lib/core/advice';
import { UserError } from '../../../lib/core/problems';
import { runForFacts } from '../../../lib/nodes/run-script';
import type { ReachedNode } from '../../../lib/nodes/runner';
import { probeSource } from '../../../lib/scripts/copy/probe-source';
import { fileSystemUuid } from '../../../lib/storage/file-system-uuid';
import type { MovableKind } from '../../../lib/storage/movable';
import { nodeRefusals } from '../../../lib/storage/node-refusals';
import type { TargetFacts } from '../../../lib/storage/target';
import type { LocalVolume } from '../../../lib/volumes/local';
import { persistentVolumeName } from '../../../lib/volumes/static-volume';
import { directoryUsers, markDirectory, type ProbedDirectory, probeDirectory, releaseDirectory } from './own-scripts';

const schema = z.strictObject({ kind: z.literal('local'), node: z.string(), path: z.string() });

type DirectoryIdentity = z.infer<typeof schema>;

type Seen = ProbedDirectory | string;

const describe = ({ node, path }: LocalVolume) => `${path} of ${node}`;
const from = ({ path }: LocalVolume) => ({ kind: 'local', parameters: { source_directory: path } });
const identityOf = ({ node, path }: LocalVolume): DirectoryIdentity => ({ kind: 'local', node, path });

/** A directory on one node: no share, and only that node reaches it. */
export const movableLocal: MovableKind<LocalVolume, DirectoryIdentity, Seen> = {
  kind: 'local',
  identity: {
    schema,
    noun: 'directory',
    nameOf: ({ node, path }) => `${node}:${path}`,
    isSame: (one, other) => one.node === other.node && one.path === other.path,
  },
  isExclusive: false,
  isShare: false,
  describe,
  describeMount: describe,
  describeTarget: (volume) => `directory ${describe(volume)}`,
  needsCredentials: () => false,
  credentials: async () => undefined,
  fence: () => ({}),
  fenceOfSource: () => undefined,
  fileSystem: () => 'none',
  source: from,
  target: ({ path }) => ({ kind: 'local', parameters: { target_directory: path } }),

  inspectSource: async (volume, { nodes, texts }) => ({
    sourceIdentity: { place: identityOf(volume) },
    usedOn: volume.node,
    found: await onItsNode(volume, nodes, (node) =>
      runForFacts(node, probeSource(from(volume), { checksDatabases: true, texts })),
    ),
  }),
  usedOn: ({ node }) => node,
  describeVersion: (version) => `, ${version}`,

  inspectTarget: async (volume, { nodes, observe }) => ({
    looks: await observe(),
    seen: await onItsNode(volume, nodes, (node) => runForFacts(node, probeDirectory(volume.path))),
  }),
  judgeTarget,
  roomRefusals: ({ volume, seen }, { bytes }) =>
    typeof seen === 'object' && seen.freeBytes < bytes
      ? [
          {
            code: 'no-room',
            subject: describe(volume),
            found: `has ${seen.freeBytes} bytes free, ${bytes} go there`,
          },
        ]
      : [],
  prepare: (volume, { attempt }) => ({
    name: 'mark directory',
    text: `marks ${describe(volume)}`,
    script: markDirectory(volume.path, attempt),
  }),
  release: (volume, { attempt }) => ({
    name: 'release',
    text: `proves that nothing uses ${describe(volume)}`,
    script: releaseDirectory(volume.path, attempt),
  }),
  remedyForLeft: () => 'empty it before it is used again',

  usesOn: async (volume, node) => {
    if (node.name !== volume.node) return [];
    const users = await runForFacts(node, directoryUsers(volume.path));
    return typeof users === 'string'
      ? users
      : users.processes.map((one) => `${node.name} has ${one} in ${volume.path}`);
  },
  isMounted: ({ path }, { source }) => source === path,
  assertMounted: async (volume, node, _, look) => {
    const { processes } = await look(directoryUsers(volume.path), describe(volume));
    if (node === volume.node && processes.length > 0) return `${describe(volume)} is in use on ${node}`;
    throw new UserError(`${node} does not use ${describe(volume)}`);
  },
};

function judgeTarget(facts: TargetFacts<LocalVolume, DirectoryIdentity, Seen>) {
  const { volume, attempt, latest, looks, seen } = facts;
  const subject = describe(volume);
  const identity = identityOf(volume);
  const found = typeof seen === 'object' ? seen.marker : undefined;
  if (latest?.state === 'sealed' && found?.state === 'sealed' && found.uuid === latest.uuid) {
    return { done: `${subject} is sealed` };
  }
  const ours = fileSystemUuid({
    volume: persistentVolumeName(volume),
    attempt,
    place: movableLocal.identity.nameOf(identity),
  });
  const isOurs = found?.uuid === ours && found.state === 'building';
  const isEmpty = typeof seen === 'object' && seen.names.length === 0 && found?.state === '';
  const refusals = [
    ...nodeRefusals(looks),
    ...(typeof seen === 'object' ? [] : [unreadable(subject, seen)]),
    ...(typeof seen !== 'object' || isOurs || isEmpty ? [] : [notEmpty(subject)]),
  ];
  if (refusals.length > 0) return { refusals };
  return { found: { identity, node: volume.node, isOnlyNode: true, isPrepared: isOurs } };
}

function unreadable(subject: string, seen = 'it was not'): Advice {
  return { code: 'target-unreadable', subject, found: `can't be inspected: ${seen}` };
}

function notEmpty(subject: string): Advice {
  return { code: 'target-not-empty', subject, found: 'is not empty' };
}

async function onItsNode<Found>(
  { node: name }: LocalVolume,
  nodes: readonly ReachedNode[],
  ask: (node: ReachedNode) => Promise<Found | string>,
): Promise<Found | string> {
  const node = nodes.find((one) => one.name === name);
  return node ? ask(node) : `node ${name} is not reached`;
}
