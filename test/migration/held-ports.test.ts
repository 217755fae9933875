import { expect, it } from 'vitest';
import { LeaseLost } from '../../lib/kubernetes/lease-lost';
import { heldPorts } from '../../lib/migration/held-ports';
import type { MigratorPorts } from '../../lib/migration/ports';
import type { OwnerProps } from '../../lib/owners/registry';
import { untyped } from '../helpers';

const done: string[] = [];
/** A port that records the names of its methods. */
const port = (kind: string, more: object = {}) =>
  new Proxy(more, {
    get: (target, name) => {
      // An object with it is taken for a promise.
      if (name === 'then') return undefined;
      return (
        Reflect.get(target, name) ??
        (async (options?: { beforeRemoval?: () => Promise<void> }) => {
          await options?.beforeRemoval?.();
          done.push(`${kind} ${String(name)}`);
          return {};
        })
      );
    },
  });

const asked: OwnerProps[] = [];
const ownerOf = (props: OwnerProps) => {
  asked.push(props);
  return port('owner');
};
const ports = untyped<MigratorPorts>({
  client: port('client'),
  nodes: [{ name: 'node-a', runner: port('runner', { unit: () => port('unit') }) }],
  owners: { kubectl: ownerOf, pulumi: async (props: OwnerProps) => ownerOf(props) },
  project: {
    file: 'cluster.ts',
    ...{ load: async () => done.push('project load'), changeLock: async () => done.push('project changeLock') },
  },
});

/** Calls everything that ports have, and lists what was done. */
async function calledAll(assertHeld: () => Promise<void>): Promise<string[]> {
  done.length = 0;
  const held = heldPorts(ports, { assertHeld });
  const [node] = held.nodes;
  const unit = node?.runner.unit('copy', untyped({}));
  const owners = [held.owners.kubectl(untyped({})), await held.owners.pulumi?.(untyped({}))];
  const calls: readonly (readonly [object | undefined, readonly string[]])[] = [
    [held.client, ['read', 'list', 'log', 'admissionKinds', 'dryRunReplace', 'create', 'write', 'patch', 'delete']],
    [node?.runner, ['run']],
    [unit, ['start', 'reattach', 'cancel']],
    ...owners.map(
      (owner) =>
        [owner, ['refusals', 'replicas', 'workload', 'fence', 'stop', 'switchClaim', 'start', 'release']] as const,
    ),
    [held.project, ['load', 'changeLock']],
  ];
  for (const [object, methods] of calls) {
    for (const method of methods)
      await untyped<Record<string, () => Promise<unknown>>>(object)
        [method]?.()
        .catch(() => {});
  }
  return [...new Set(done)];
}

it('change nothing, but still read, after the lease is lost', async () => {
  const lost = async () => {
    throw new LeaseLost('taken');
  };
  expect(await calledAll(lost)).toEqual([
    'client read',
    'client list',
    'client log',
    'client admissionKinds',
    'client dryRunReplace',
    'owner refusals',
    'owner replicas',
    'owner workload',
    'project load',
  ]);
});

it('do everything while the lease is held', async () => {
  let proofs = 0;
  const all = await calledAll(async () => {
    proofs += 1;
  });
  expect(all).toHaveLength(9 + 1 + 3 + 8 + 2);
  expect(proofs).toBe(4 + 1 + 3 + 2 * 5 + 1);
});

it('pass the check on to owners, which run their own programs', async () => {
  asked.length = 0;
  await calledAll(async () => {});
  expect(asked.map(({ assertHeld }) => typeof assertHeld)).toEqual(['function', 'function']);
});
