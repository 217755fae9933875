import type { V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { describe, expect, it } from 'vitest';
import { findVerificationNode, judgePodUsage, sealedPropsOf } from '../../../lib/migration/survey/verification-node';
import type { ReachedNode } from '../../../lib/nodes/runner';
import type { Script } from '../../../lib/scripts/script';
import { resolveApp } from '../../../lib/workload/model';
import { image, lun, untyped } from '../../helpers';
import { well } from '../../nodes/facts';
import { entry, seen } from '../facts';
import { heldLease } from '../signals';

const volume = lun('config-2');
const pod = (name: string, nodeName: string | undefined, runs = true): V1Pod => ({
  metadata: { name, namespace: 'media' },
  spec: { nodeName, containers: [], volumes: [{ name: 'c', persistentVolumeClaim: { claimName: 'config-2' } }] },
  status: {
    containerStatuses: [
      { name: 'app', image, imageID: '', ready: runs, restartCount: 0, ...(runs && { state: { running: {} } }) },
    ],
  },
});

describe('a volume', () => {
  it.each<[string, V1Pod[], object]>([
    ['of no pod is unused', [], { state: 'unused' }],
    ['of a pod is used where that runs', [pod('a', 'node-b')], { state: 'used', pod: 'a', node: 'node-b' }],
    [
      'of two pods on a node is used there',
      [pod('a', 'node-b', false), pod('b', 'node-b')],
      { state: 'used', pod: 'b', node: 'node-b' },
    ],
    [
      'of pods on two nodes is nowhere',
      [pod('a', 'node-a'), pod('b', 'node-b')],
      { state: 'unknown', reason: 'pods a, b mount it on node-a and node-b: see that only one is left' },
    ],
    [
      'of a pod that is being started may be mounted at any moment',
      [pod('a', undefined, false)],
      { state: 'unknown', reason: expect.stringContaining('pod a on no node yet is being started') },
    ],
  ])('%s', (_, pods, place) => {
    expect(judgePodUsage(pods)).toEqual(place);
  });
});

describe('a sealed volume is read', () => {
  const model = resolveApp({ image, config: volume }, { name: 'app', namespace: 'media' });
  const node = (name: string) => ({ name, runner: undefined as never });
  const of = (pods: V1Pod[], names: string[]) => {
    const client = { list: async (kind: string) => (kind === 'Pod' ? pods : []) } as never;
    return findVerificationNode(volume, entry('sealed'), { client, nodes: names.map(node), model, ...heldLease() });
  };

  it('where its pod runs', async () => {
    expect(await of([pod('a', 'node-b')], ['node-a', 'node-b'])).toEqual({ node: node('node-b'), pod: 'a' });
  });

  it('not if no node can read it', async () => {
    await expect(of([pod('a', 'node-c')], ['node-a'])).rejects.toMatchObject({
      code: 'no-such-node',
      message: expect.stringContaining('node-c'),
    });
    await expect(of([], [])).rejects.toMatchObject({
      code: 'no-such-node',
      message: expect.stringContaining('node-a'),
    });
  });

  it.each([
    ['not by a node with the initiator name of another one', 'One', 'initiator-name-shared'],
    ['by the node that sealed it, if that has a name of its own', 'two', undefined],
  ])('%s', async (_, initiatorName, code) => {
    const named = (name: string, own: string): ReachedNode => ({
      name,
      runner: untyped({
        run: async ({ facts }: Script<unknown>) => ({
          result: 'unchanged',
          facts: facts.parse({ ...well, initiatorName: own }),
        }),
      }),
    });
    const nodes = [named('node-a', 'one'), named('node-b', initiatorName)];
    const client = { list: async () => [] } as never;
    const place = findVerificationNode(volume, entry('sealed'), { client, nodes, model, ...heldLease() });
    if (code) await expect(place).rejects.toMatchObject({ code, message: expect.stringMatching(/node-a.*node-b/) });
    else expect((await place).node.name).toBe('node-a');
  });

  it('as the disk in the journal', () => {
    const { uuid, attempt } = entry('sealed');
    const props = sealedPropsOf(volume, entry('sealed'), { node: node('node-b'), pod: 'a' });
    expect(props).toEqual({
      target: {
        portal: '192.0.2.200:3260',
        iqn: 'iqn.2000-01.com.example:config-2',
        lun: 1,
        bytes: seen.bytes,
        wwn: seen.wwn,
      },
      attempt: { volume: 'config-2', attempt, uuid },
      isUsed: true,
    });
    expect(sealedPropsOf(volume, entry('sealed'), { node: node('node-b') }).isUsed).toBe(false);
  });
});
