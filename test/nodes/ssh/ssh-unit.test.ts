import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Progress } from '../../../lib/nodes/runner';
import { ConnectionLost } from '../../../lib/nodes/ssh/ssh-failure';
import { SshUnit } from '../../../lib/nodes/ssh/ssh-unit';
import type { Report } from '../../../lib/scripts/report';
import type { Script } from '../../../lib/scripts/script';
import type { FoundUnit } from '../../../lib/scripts/unit/unit';

const script: Script<{ files: number }> = {
  name: 'warm-copy',
  text: 'the secret text',
  hash: 'abc',
  facts: z.object({ files: z.number() }),
};
const line = (facts: unknown) => JSON.stringify({ result: 'changed', reason: '', facts });
const progress = { step: 'hash', bytes: 10, totalBytes: 20, entries: 2, seconds: 4, bytesPerSecond: 2 };

/** A node where a unit is found in one state after the other. */
class Node {
  readonly target = { name: 'node-a', ssh: 'admin@192.0.2.210' };
  readonly ran: string[] = [];
  /** Seconds for which an end of the unit was to be waited for. */
  readonly patience: string[] = [];
  declines = '';

  /** @param states where there is none, the connection is lost */
  constructor(private readonly states: (Partial<FoundUnit> | undefined)[]) {}

  async run<Facts>({ name, text, facts }: Script<Facts>): Promise<Report<Facts>> {
    this.ran.push(name);
    this.patience.push(...(/^patience=(\d+)$/m.exec(text)?.slice(1) ?? []));
    if (this.declines) return { result: 'declined', reason: this.declines };
    const state = this.states.shift();
    if (name === 'read-unit' && !state) throw new ConnectionLost('it does not answer');
    const found = { state: 'none', progress: '', report: '', end: '', errors: '', ...state };
    return { result: 'unchanged', facts: facts.parse(name === 'read-unit' ? found : {}) };
  }
}

const unitOn = (node: Node) => new SshUnit(node, 'lunward-copy-jellyfin-1', script);

describe('a unit', () => {
  it('reports each new progress once, then its result, and is then removed', async () => {
    const node = new Node([
      { state: 'running' },
      { state: 'running', progress: JSON.stringify(progress) },
      { state: 'running', progress: JSON.stringify(progress) },
      { state: 'running', progress: '{"step":' },
      { state: 'ended', report: line({ files: 3 }), end: 'success 0' },
    ]);
    const told: Progress[] = [];
    const report = await unitOn(node).reattach({ onProgress: (one) => told.push(one), everySeconds: 0 });
    expect(report).toEqual({ result: 'changed', facts: { files: 3 } });
    expect(told).toEqual([progress]);
    expect(node.ran.slice(-2)).toEqual(['read-unit', 'cancel-unit']);
  });

  it('is waited for on its node, so its end is noticed at once', async () => {
    const node = new Node([{ state: 'running' }, { state: 'ended', report: line({ files: 3 }) }]);
    await unitOn(node).reattach();
    expect(node.patience).toEqual(['4', '4']);
  });

  it('is waited for while its node is unreachable, but not forever', async () => {
    const ended = { state: 'ended', report: line({ files: 3 }) } as const;
    const waited = unitOn(new Node([{ state: 'running' }, undefined, undefined, ended])).reattach({ everySeconds: 0 });
    expect(await waited).toMatchObject({ facts: { files: 3 } });
    const gone = unitOn(new Node([{ state: 'running' }])).reattach({ everySeconds: 0, patienceSeconds: 0 });
    await expect(gone).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('lunward-copy-jellyfin-1'),
    });
  });

  it('may have declined', async () => {
    const report = JSON.stringify({ result: 'declined', reason: 'the volume is full', facts: {} });
    expect(await unitOn(new Node([{ state: 'ended', report }])).reattach()).toEqual({
      result: 'declined',
      reason: 'the volume is full',
    });
  });

  it.each<[Partial<FoundUnit>, string]>([
    [{ state: 'ended', end: 'oom-kill KILL', errors: 'a\nb' }, 'oom-kill KILL'],
    [{ state: 'ended' }, 'without a report'],
    [{ state: 'ended', report: line({ files: 'three' }), end: 'success 0' }, 'without a report'],
    [{ state: 'none' }, 'is not there'],
  ])('that was lost is named, and stays as it is: %j', async (found, fact) => {
    const node = new Node([found]);
    await expect(unitOn(node).reattach()).rejects.toMatchObject({
      code: 'unit-lost',
      message: expect.stringContaining('lunward-copy-jellyfin-1 on node node-a'),
    });
    expect(node.ran).toEqual(['read-unit']);
    await expect(unitOn(new Node([found])).reattach()).rejects.toThrow(fact);
  });

  it('with the same name but other parameters is reported', async () => {
    const node = new Node([]);
    node.declines = 'lunward-copy-jellyfin-1 runs already, for something else';
    await expect(unitOn(node).start()).rejects.toMatchObject({
      code: 'step-declined',
      message: expect.stringContaining(node.declines),
    });
  });
});
