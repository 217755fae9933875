import { describe, expect, it } from 'vitest';
import { fileSystemsOfApps, targetsOfApps } from '../../lib/cli/storage-findings';
import { defineCluster } from '../../lib/cluster';
import { liveCluster } from '../../lib/cluster/live';
import { emptyLock } from '../../lib/cluster/lock';
import { UnanswerableError, UnreachableError } from '../../lib/core/problems';
import type { ClusterClient } from '../../lib/kubernetes/cluster-client';
import type { NodeObservation } from '../../lib/nodes/observation';
import type { ReachedNode } from '../../lib/nodes/runner';
import type { Script } from '../../lib/scripts/script';
import { image, lun, share, untyped } from '../helpers';
import { well } from '../nodes/facts';

const chap = { ...lun('tv-config'), chapAuthSession: true, secretRef: { name: 'chap' } };
const live = liveCluster(defineCluster({ namespace: 'media', apps: { tv: { image, config: chap } } }));
const findings = (read: () => Promise<unknown>) => targetsOfApps(live, [], [], untyped<ClusterClient>({ read }));

it.each([
  [new UnreachableError('it is starting'), 'cluster-unreachable'],
  [new UnanswerableError('secrets is forbidden'), 'cluster-forbidden'],
])('credentials that could not be read are not reported as missing: %s', async (error, code) => {
  expect(await findings(() => Promise.reject(error))).toEqual([
    expect.objectContaining({
      code,
      severity: 'warning',
      found: expect.stringContaining(error.message),
    }),
  ]);
});

it('credentials of several volumes that could not be read are one finding', async () => {
  const apps = { tv: { image, config: chap }, films: { image, config: { ...chap, name: 'films-config', lun: 2 } } };
  const two = liveCluster(defineCluster({ namespace: 'media', apps }));
  const read = () => Promise.reject(new UnreachableError('it is starting'));
  const all = await targetsOfApps(two, [], [], untyped<ClusterClient>({ read }));
  expect(all.map(({ code }) => code)).toEqual(['cluster-unreachable']);
  for (const name of ['tv-config', 'films-config']) expect(all[0]?.found).toContain(`"${name}"`);
});

it('credentials that are not in the cluster are reported as missing', async () => {
  expect(await findings(async () => undefined)).toEqual([
    expect.objectContaining({ code: 'chap-secret-unusable', subject: 'App tv', severity: 'error' }),
  ]);
});

describe('the file systems with the data of apps', () => {
  const moved = liveCluster(
    defineCluster({
      namespace: 'media',
      apps: {
        tv: { image, config: [share('tv-old'), lun('tv-config')] },
        films: { image, config: lun('films-config') },
      },
    }),
    emptyLock,
  );
  const mounted = {
    device: '/dev/sdb',
    type: 'ext4',
    mountpoint: '/mnt',
    diskState: 'running',
    stopped: 'emergency_ro',
    disk: '',
    look: '',
    errors: { count: 0, first: '', last: '', function: '' },
  };
  const asked: string[] = [];
  const node = (name: string, mounts: readonly unknown[]): ReachedNode => ({
    name,
    runner: untyped({
      run: async (script: Script<unknown>) => {
        asked.push(`${script.name} on ${name}`);
        const facts =
          script.name === 'mounted-errors'
            ? { mounted: mounts }
            : { type: 'ext4', state: 'clean with errors', errors: { ...mounted.errors, count: 1 } };
        return { result: 'unchanged', facts: script.facts.parse(facts) };
      },
    }),
  });
  const looks = (...names: string[]): NodeObservation[] =>
    names.map((name) => ({ name, facts: { ...well, initiatorName: `iqn.2000-01.com.example:${name}` } }));
  const found = async (nodes: readonly ReachedNode[], seen: readonly NodeObservation[]) => {
    asked.length = 0;
    return (await fileSystemsOfApps(moved, nodes, seen, undefined)).map(({ code, affects }) => [code, affects?.node]);
  };

  it('are checked on every node, for live volumes only', async () => {
    expect(await found([node('node-a', []), node('node-b', [mounted])], looks('node-a', 'node-b'))).toEqual([
      ['file-system-stopped', 'node-b'],
    ]);
    expect(asked.sort()).toEqual(['mounted-errors on node-a', 'mounted-errors on node-b']);
  });

  it('are read from the disk if they are not mounted', async () => {
    expect(await found([node('node-a', [])], looks('node-a'))).toEqual([['file-system-errors', 'node-a']]);
  });

  it('are not read by a node with the initiator name of another one: its login would end the session of that one', async () => {
    const clones = looks('node-a', 'node-b').map((look) => ({ ...look, facts: well }));
    expect(await found([node('node-a', []), node('node-b', [])], clones)).toEqual([]);
    expect(asked.sort()).toEqual(['mounted-errors on node-a', 'mounted-errors on node-b']);
  });

  it('are not checked on a node that could not be inspected', async () => {
    const broken = untyped<NodeObservation>({ name: 'node-a', problem: 'it does not answer' });
    expect(await found([node('node-a', [mounted])], [broken])).toEqual([]);
    expect(asked).toEqual([]);
  });
});
