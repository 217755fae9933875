import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../lib/migration/journal/entry';
import type { NodeObservation } from '../../lib/nodes/observation';
import type { ReachedNode } from '../../lib/nodes/runner';
import type { SeenLun } from '../../lib/scripts/lun/seen-lun';
import type { Script } from '../../lib/scripts/script';
import { identityOfLun } from '../../lib/storage/iscsi/identity';
import { lunUsage } from '../../lib/storage/iscsi/source';
import { movable } from '../../lib/storage/registry';
import { lun, share, untyped } from '../helpers';
import { entry, look, probed, seen, uuid } from '../migration/facts';

const source = lun('config-2');
const disk = (mountpoints: readonly string[], number = 1) => ({
  name: 'sda',
  lun: number,
  state: 'running',
  mountpoints: [...mountpoints],
  holders: [],
});
const loggedIn = (name: string, ...disks: ReturnType<typeof disk>[]): NodeObservation =>
  inSession(source.iqn, name, disks);
const inSession = (iqn: string, name: string, disks: ReturnType<typeof disk>[]): NodeObservation => {
  const { facts, ...rest } = look(name);
  const sessions = [{ iqn, state: 'LOGGED_IN', disks }];
  return { ...rest, ...(facts && { facts: { ...facts, sessions } }) };
};
const mounted = disk(['/var/lib/kubelet/plugins/x']);

describe('a source LUN', () => {
  it.each<[string, readonly NodeObservation[], object]>([
    ['nobody uses it', [look('node-a'), look('node-b')], {}],
    ['an app runs on it', [look('node-a'), loggedIn('node-b', mounted)], { usedOn: 'node-b' }],
    [
      'an app runs on it, and the node writes the target’s name in another case',
      [inSession(source.iqn.replace('example', 'Example'), 'node-a', [mounted])],
      { usedOn: 'node-a' },
    ],
    ['another LUN of its target is in use', [loggedIn('node-a', disk([]), disk(['/x'], 2))], {}],
    [
      'two nodes have it mounted',
      [loggedIn('node-a', mounted), loggedIn('node-b', mounted)],
      { problem: 'it is mounted on node-a and node-b: stop the app and see why' },
    ],
    [
      'somebody is about to mount it',
      [loggedIn('node-a', disk([]))],
      { problem: expect.stringContaining(`node-a is logged in to ${source.iqn}, without that it is mounted there`) },
    ],
    [
      'a node is not reached',
      [look('node-a'), { name: 'node-b', problem: 'it does not answer' }],
      { problem: 'whether node-b uses it is not known: it does not answer' },
    ],
  ])('is found where it is: %s', (_, looks, place) => {
    expect(lunUsage(source, looks)).toEqual(place);
  });

  it('is not inspected with another initiator name than the node’s own', () => {
    expect(lunUsage({ ...source, initiatorName: 'iqn.2000-01.com.example:own' }, []).problem).toContain(
      'initiatorName',
    );
  });
});

describe('a source', () => {
  const asked: [string, Script<unknown>][] = [];
  const nodes = (luns: readonly SeenLun[]): ReachedNode[] =>
    ['node-a', 'node-b'].map((name) => ({
      name,
      runner: untyped({
        run: async (script: Script<unknown>) => {
          asked.push([name, script]);
          return { result: 'unchanged', facts: script.name === 'probe-lun' ? { problem: '', luns } : probed };
        },
      }),
    }));
  const at = (luns: readonly SeenLun[], looks: readonly NodeObservation[], known?: JournalEntry) => {
    asked.length = 0;
    return movable(source).inspectSource(source, {
      nodes: nodes(luns),
      observe: async () => looks,
      texts: [],
      ...(known && { known }),
    });
  };
  const full = { ...seen, content: 'ext4', uuid };

  it('is inspected only by the node that has it mounted', async () => {
    const found = await at([full], [look('node-a'), loggedIn('node-b', mounted)]);
    expect(found).toMatchObject({
      usedOn: 'node-b',
      isUsed: true,
      sourceIdentity: { place: identityOfLun(seen), uuid },
    });
    expect(asked.map(([node, { name }]) => [node, name])).toEqual([
      ['node-b', 'probe-lun'],
      ['node-b', 'probe-source'],
    ]);
    expect(asked[1]?.[1].text).toContain('\nsource_used=yes\n');
  });

  it('is identified by its attempt if the journal has sealed it', async () => {
    const found = await at([full], [look('node-a'), look('node-b')], entry('sealed', { attempt: 2 }));
    expect(found).toMatchObject({ isUsed: false, sourceIdentity: { attempt: 2 } });
    expect(found.usedOn).toBeUndefined();
  });

  it.each<[string, readonly SeenLun[], JournalEntry | undefined, string]>([
    ['it is not there', [], undefined, 'shows no LUN 1'],
    ['nothing is on it', [seen], undefined, 'it holds nothing that is recognised, expected a file system'],
    [
      'it is another disk than was sealed',
      [full],
      entry('sealed', { target: identityOfLun({ ...seen, wwn: 'another' }) }),
      'was sealed on another with',
    ],
    ['what is on it was given up', [full], entry('rolled-back'), 'is rolled-back by the journal, expected sealed'],
  ])('is not looked into where %s', async (_, luns, known, reason) => {
    const { found } = await at(luns, [look('node-a'), look('node-b')], known);
    expect(found).toContain(reason);
    expect(asked).toHaveLength(1);
  });

  it('is inspected by the first node if it is a folder', async () => {
    asked.length = 0;
    const found = await movable(share('config')).inspectSource(share('config'), {
      nodes: nodes([]),
      observe: async () => [],
      texts: [],
    });
    const place = { kind: 'nfs', server: '192.0.2.200', path: '/volume1/config' };
    expect(found).toEqual({ found: probed, sourceIdentity: { place } });
    expect(asked.map(([node]) => node)).toEqual(['node-a']);
  });
});
