import { describe, expect, it } from 'vitest';
import type { ClusterClient } from '../../lib/kubernetes/cluster-client';
import type { PodMount } from '../../lib/scripts/node/pod-mounts';
import { fencedLocations } from '../../lib/storage/fenced-locations';
import { identityOfLun } from '../../lib/storage/iscsi/identity';
import { movableKinds } from '../../lib/storage/kinds';
import { identityOfFolder } from '../../lib/storage/nfs/identity';
import {
  type DataVolume,
  describeIdentity,
  describeStorage,
  type Identity,
  identityName,
  identitySchema,
  isMovable,
  isSameIdentity,
  movable,
} from '../../lib/storage/registry';
import { persistentKinds } from '../../lib/volumes/kinds';
import { local } from '../../lib/volumes/local';
import { lun, share, untyped } from '../helpers';
import { useThirdKind } from './third/registered';

useThirdKind();

const directory = (name: string) =>
  untyped<DataVolume>(local({ name, node: 'node-a', path: `/srv/${name}`, size: '1Gi' }));

/** Two places of each kind, and how a node shows the first one mounted for a pod. */
const samples: Readonly<Record<string, readonly [DataVolume, DataVolume, Partial<PodMount>]>> = {
  iscsi: [lun('one'), lun('two'), { disks: [{ iqn: lun('one').iqn, lun: 1, portal: lun('one').targetPortal }] }],
  nfs: [share('one'), share('two'), { source: `${share('one').server}:${share('one').path}` }],
  local: [directory('one'), directory('two'), { source: '/srv/one' }],
};
const identities: Readonly<Record<string, readonly [Identity, Identity]>> = {
  iscsi: [identityOfLun({ wwn: '0x6001', bytes: 1024 ** 3 }), identityOfLun({ wwn: '0x6002', bytes: 1024 ** 3 })],
  nfs: [identityOfFolder(share('one')), identityOfFolder(share('two'))],
  local: [
    untyped({ kind: 'local', node: 'node-a', path: '/srv/one' }),
    untyped({ kind: 'local', node: 'node-a', path: '/srv/two' }),
  ],
};
const mount = (one: Partial<PodMount>) => untyped<PodMount>({ source: '', disks: [], ...one });

const attempt = { volume: 'one', attempt: 1, uuid: '6f1a3a4e-0f5c-4a53-9d0e-1c7f8a1f0b01' };

it('has a sample of each kind', () => {
  expect(Object.keys(samples)).toEqual(Object.keys(movableKinds));
});

describe.each(Object.entries(samples))('the movable kind %s', (kind, [one, other, seen]) => {
  const [place, otherPlace] = identities[kind] as readonly [Identity, Identity];
  const volumes = persistentKinds[kind as keyof typeof persistentKinds];

  it('is found by the kind of a volume, which a node can mount', () => {
    expect(movable(one).kind).toBe(kind);
    expect(isMovable(one)).toBe(true);
    expect(volumes.access).toBe('node');
  });

  it('is a share exactly where its volumes are network file systems', () => {
    expect(movable(one).isShare).toBe(volumes.networkFileSystem(untyped<never>(one)));
    expect(movable(one).isExclusive).toBe(volumes.attachable(untyped<never>(one)));
  });

  it('distinguishes two places, in messages and for admission', () => {
    expect(describeStorage(one)).not.toBe(describeStorage(other));
    expect(movable(one).describeMount(one)).toContain(describeStorage(one));
    const fence = movable(one).fence(one);
    // Pods reach most places in other ways than by the claim, which is always fenced.
    if (Object.keys(fence).length > 0) expect(fence).not.toEqual(movable(one).fence(other));
    expect(Object.values(fence).flat().length).toBeLessThanOrEqual(1);
    expect(fencedLocations(fence)).toHaveLength(Object.values(fence).flat().length);
    // Both are what pods see, wherever it is read from.
    const { spec = {} } = volumes.persistentVolume(untyped<never>(one), 'media') ?? {};
    expect(movable(one).fenceOfSource(spec) ?? {}).toEqual(fence);
    expect(movable(one).fenceOfIdentity?.(place) ?? fence).toEqual(fence);
  });

  it('recognises its own mount', () => {
    expect(movable(one).isMounted(one, mount(seen))).toBe(true);
    expect(movable(one).isMounted(other, mount(seen))).toBe(false);
    expect(movable(one).isMounted(one, mount({}))).toBe(false);
    for (const [another] of Object.values(samples).filter(([first]) => first.kind !== kind)) {
      expect(movable(another).isMounted(another, mount(seen))).toBe(false);
    }
  });

  it('distinguishes two places in the journal, which keeps all data', () => {
    expect(isSameIdentity(place, structuredClone(place))).toBe(true);
    expect(isSameIdentity(place, otherPlace)).toBe(false);
    expect(identityName(place)).not.toBe(identityName(otherPlace));
    expect(describeIdentity(place)).toContain(identityName(place));
    expect(identitySchema.parse(JSON.parse(JSON.stringify(place)))).toEqual(place);
    for (const [others] of Object.values(identities).filter(([first]) => first.kind !== kind)) {
      expect(isSameIdentity(place, others)).toBe(false);
    }
  });

  it('gives scripts the place that is described', () => {
    const target = JSON.stringify(movable(one).target(one, place));
    const source = JSON.stringify(movable(one).source(one, { sourceIdentity: { place, uuid: 'u' } }));
    for (const part of Object.values(movable(one).fence(one)).flatMap(([place]) => Object.values(place ?? {}))) {
      expect(target).toContain(String(part));
      expect(source).toContain(String(part));
    }
  });

  it('gives scripts different parameters for two places', () => {
    const target = (volume: DataVolume, of: Identity) => JSON.stringify(movable(one).target(volume, of));
    expect(target(one, place)).not.toBe(target(other, otherPlace));
    expect(movable(one).describeTarget(one, place)).not.toBe(movable(one).describeTarget(other, otherPlace));
  });

  it('is made ready, and released, as one attempt: a changed password is the same step', () => {
    const chap = { username: 'operator', password: 'a secret of 16' };
    for (const slot of ['prepare', 'release'] as const) {
      const step = movable(one)[slot](one, { identity: place, attempt });
      for (const line of [`uuid=${attempt.uuid}`, 'attempt=1', 'volume=one'])
        expect(step.script.text).toContain(`\n${line}\n`);
      expect(movable(one)[slot](one, { identity: place, attempt, chap }).script.hash).toBe(step.script.hash);
      const next = { identity: place, attempt: { ...attempt, attempt: 2 } };
      expect(movable(one)[slot](one, next).script.hash).not.toBe(step.script.hash);
    }
  });

  it('is no target if no node could inspect it', async () => {
    const unasked = { nodes: [], observe: async () => [], users: async () => [] };
    const seenOfIt = await movable(one).inspectTarget(one, unasked);
    const judged = movable(one).judgeTarget({ app: 'app', volume: one, attempt: 1, ...seenOfIt });
    expect(judged.found).toBeUndefined();
    expect(judged.refusals?.length).toBeGreaterThan(0);
  });

  it('asks for no credentials that it does not have', async () => {
    const unasked = { read: () => Promise.reject(new Error('asked')) };
    expect(movable(one).needsCredentials(one)).toBe(false);
    expect(await movable(one).credentials(one, 'media', untyped<ClusterClient>(unasked))).toBeUndefined();
  });

  it('gives the reason if a node can’t report its use', async () => {
    const run = () => Promise.resolve({ result: 'declined', reason: 'it is off', facts: undefined });
    const node = untyped<never>({ name: 'node-a', runner: { run } });
    expect(await movable(one).usesOn(one, node)).toMatch(/it is off.*node-a/);
  });
});

it('are the only kinds that data can be moved from and to', () => {
  const others = Object.keys(persistentKinds).filter((kind) => !(kind in movableKinds));
  expect(others.length).toBeGreaterThan(0);
  for (const kind of others) expect(isMovable(untyped({ kind, name: 'x' }))).toBe(false);
});
