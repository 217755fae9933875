import type { V1Node } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { expect, it } from 'vitest';
import { knownMachines } from '../../lib/cli/known-machines';
import { UnreachableError } from '../../lib/core/problems';
import type { ReachedNode } from '../../lib/nodes/runner';
import { confirmMachine } from '../../lib/scripts/node/confirm-machine';
import type { Script } from '../../lib/scripts/script';
import { expectAdvice } from '../expect-advice';
import { image, untyped } from '../helpers';

const inCluster = [untyped<V1Node>({ metadata: { name: 'node-a' }, status: { nodeInfo: { machineID: 'abc' } } })];
const described = (apps: object) => untyped<Parameters<typeof knownMachines>[1]>({ description: { apps } });

/** The machine that a script on a node requires, and what is reported of that. */
async function requiredBy(apps: object, list: () => Promise<readonly V1Node[]>) {
  let text = '';
  const runner = untyped<ReachedNode['runner']>({
    run: async (script: Script<unknown>) => {
      text = script.text;
      return { result: 'unchanged', facts: {} };
    },
  });
  const { nodes, findings } = await knownMachines([{ name: 'node-a', runner }], described(apps), list);
  await nodes[0]?.runner.run(confirmMachine());
  return { machine: /expected_machine='?(\w+)/.exec(text)?.[1], findings };
}

it.each([
  ['on the machine that the cluster has under its name', { tv: { image } }, async () => inCluster, 'abc'],
  ['on any, if the cluster has no such node', { tv: { image } }, async () => [], undefined],
  ['on any, if no app is described', {}, async () => inCluster, undefined],
])('a node runs scripts %s', async (_, apps, list, expected) => {
  expect(await requiredBy(apps, list)).toEqual({ machine: expected, findings: [] });
});

it('a node runs scripts on any machine if the cluster can’t be asked, and one finding says so and why', async () => {
  const { machine, findings } = await requiredBy({ tv: { image } }, () =>
    Promise.reject(new UnreachableError('it is off')),
  );
  expect(machine).toBeUndefined();
  expectAdvice(findings, [['cluster-unreachable', 'The cluster', 'it is off']]);
  expect(findings).toMatchObject([{ severity: 'warning' }]);
});
