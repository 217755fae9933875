import { setTimeout as sleep } from 'node:timers/promises';
import type { LabMachine } from '../../lab/machine';
import type { SshExecutor } from '../../lib/nodes/ssh/ssh';
import type { Script } from '../../lib/scripts/script';

/** A unit that has ended. */
export interface TimedUnit<Facts> {
  readonly facts: Facts;
  /** From its start on the node until everything that it opened was undone. */
  readonly seconds: number;
  /** In milliseconds since 1970, by the host's clock. */
  readonly endedAt: number;
}

const LONGEST_SECONDS = 900;

/**
 * Runs a script on a node as the product does, in a unit. The duration is measured with files that the unit writes at
 * its beginning and at its end, so it does not depend on how often this asks whether the unit has ended.
 *
 * @param machine the same node, over a connection that already exists
 */
export async function runTimed<Facts>(
  node: SshExecutor,
  machine: LabMachine,
  name: string,
  script: Script<Facts>,
): Promise<TimedUnit<Facts>> {
  const files = ['hash', 'end'].map((file) => `/run/lunward/${name}/${file}`);
  const unit = node.unit(name, script);
  await unit.start();
  const deadline = Date.now() + LONGEST_SECONDS * 1000;
  // Asks rarely, because the node is busy.
  while ((await machine.tryRun('test', ['-s', files[1] ?? ''])).code !== 0) {
    if (Date.now() > deadline) throw new Error(`${name} has not ended within ${LONGEST_SECONDS} s`);
    await sleep(1000);
  }
  const endedAt = Date.now();
  const times = (await machine.run('stat', ['--format=%.Y', ...files])).trim().split('\n').map(Number);
  const [began = Number.NaN, ended = Number.NaN] = times;
  const report = await unit.reattach();
  if (report.result === 'declined') throw new Error(`${name}: ${report.reason}`);
  return { facts: report.facts, seconds: ended - began, endedAt };
}
