import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../lib/core/problems';
import { identifiedNodes, machineOf } from '../../lib/nodes/identified-nodes';
import { confirmMachine } from '../../lib/scripts/node/confirm-machine';
import type { Script } from '../../lib/scripts/script';
import { untyped } from '../helpers';

const node = (name: string, machineID: string, bootID = `boot-of-${name}`) =>
  untyped<Parameters<typeof machineOf>[1][number]>({ metadata: { name }, status: { nodeInfo: { machineID, bootID } } });

const id = '0123456789abcdef0123456789abcdef';

describe('the machine of a node', () => {
  it.each<[string, Parameters<typeof machineOf>[1], ReturnType<typeof machineOf>]>([
    ['is as its kubelet reports it', [node('node-a', id), node('node-b', 'b')], { node: 'node-a', machineId: id }],
    [
      'is compared without dashes and case',
      [node('node-a', '01234567-89AB-cdef-0123-456789abcdef\n')],
      { node: 'node-a', machineId: id },
    ],
    [
      'has a boot id too where another node was cloned from the same image',
      [node('node-a', id), node('node-b', id.toUpperCase())],
      { node: 'node-a', machineId: id, bootId: 'boot-of-node-a' },
    ],
    ['is not known where the cluster does not have the node', [node('node-b', id)], undefined],
    ['is not known where its kubelet found no machine id', [node('node-a', ''), node('node-b', '')], undefined],
  ])('%s', (_, nodes, expected) => {
    expect(machineOf('node-a', nodes)).toEqual(expected);
  });
});

describe('a node', () => {
  /** A node that records what reaches its machine. @param confirms whether the machine is the expected one */
  function reached(list: () => Promise<readonly unknown[]>, confirms = true) {
    const ran: string[] = [];
    const report = confirms
      ? { result: 'unchanged' as const, facts: {} }
      : { result: 'declined' as const, reason: 'another machine' };
    const runner = {
      run: async ({ name, text }: Script<unknown>) => {
        ran.push(`${name}${/^expected_machine=(.*)$/m.exec(text)?.[0] ?? ''}`);
        return report;
      },
      unit: (name: string) => ({
        start: async () => void ran.push(`start ${name}`),
        reattach: async () => report,
        cancel: async () => void ran.push(`cancel ${name}`),
      }),
    };
    const [identified] = identifiedNodes([{ name: 'node-a', runner: untyped(runner) }], untyped({ list }));
    return { ran, runner: untyped<NonNullable<typeof identified>>(identified).runner };
  }

  it('runs each script for the machine that the cluster has under its name', async () => {
    const { ran, runner } = reached(async () => [node('node-a', id)]);
    const { hash } = confirmMachine();
    await runner.run(confirmMachine());
    expect(ran).toEqual([`confirm-machineexpected_machine=${id}`]);
    expect(confirmMachine().hash).toBe(hash);
  });

  it('confirms the machine before a unit is started or ended there', async () => {
    const { ran, runner } = reached(async () => [node('node-a', id)]);
    const unit = runner.unit('copy', confirmMachine());
    await unit.start();
    await unit.cancel();
    const confirmed = `confirm-machineexpected_machine=${id}`;
    expect(ran).toEqual([confirmed, 'start copy', confirmed, 'cancel copy']);
  });

  it('starts and ends no unit on another machine', async () => {
    const { ran, runner } = reached(async () => [node('node-a', id)], false);
    const unit = runner.unit('copy', confirmMachine());
    await expect(unit.start()).rejects.toThrow('node node-a: another machine');
    await expect(unit.cancel()).rejects.toThrow('node node-a: another machine');
    expect(ran.filter((name) => !name.startsWith('confirm'))).toEqual([]);
  });

  it('is not used if the cluster can’t be asked for its machine id', async () => {
    const { ran, runner } = reached(() => Promise.reject(new UnreachableError('the API server does not answer')));
    await expect(runner.run(confirmMachine())).rejects.toThrow(UnreachableError);
    await expect(runner.unit('copy', confirmMachine()).start()).rejects.toThrow(UnreachableError);
    expect(ran).toEqual([]);
  });

  it('is used without a check if the cluster does not have it', async () => {
    const { ran, runner } = reached(async () => []);
    await runner.run(confirmMachine());
    expect(ran).toEqual(['confirm-machine']);
  });
});
