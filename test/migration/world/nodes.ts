import type { Progress, Runner, Unit } from '../../../lib/nodes/runner';
import type { Report } from '../../../lib/scripts/report';
import type { Script } from '../../../lib/scripts/script';
import type { Changes } from './changes';
import { type Answers, fillingAnswers } from './filling';
import { Declined, type Machine, require } from './opened';
import { Parameters } from './parameters';
import { probingAnswers } from './probing';

const answers: Answers = { ...fillingAnswers, ...probingAnswers };

const progress: Progress = { step: 'copy', bytes: 1, entries: 1, seconds: 1, bytesPerSecond: 1 };

/** A node that runs scripts. A unit goes on there when whoever started it ends. */
export class ModelNode implements Runner {
  /** Units that are at work. */
  readonly units = new Map<string, Script<unknown>>();

  /** @param changes receives the names of scripts that changed something */
  constructor(
    readonly machine: Machine,
    private readonly changes: Changes,
  ) {}

  /** The facts of each answer are held against the schema of the script: the model can't say what no script reports. */
  async run<Facts>(script: Script<Facts>): Promise<Report<Facts>> {
    this.changes.assertAlive();
    const given = new Parameters(script);
    try {
      this.assertMachine(given);
      const { result, facts } = this.answer(script, given);
      if (result === 'changed') this.changes.record(`${script.name} on ${this.machine.name}`);
      return { result, facts: script.facts.parse(facts) };
    } catch (error) {
      if (!(error instanceof Declined)) throw error;
      return { result: 'declined', reason: error.message };
    }
  }

  /** As lib/scripts/bash/machine.sh. */
  private assertMachine(given: Parameters): void {
    if (!given.has('expected_machine')) return;
    const { machineId, bootId } = this.machine;
    const [machine, boot] = [given.text('expected_machine'), given.text('expected_boot')];
    require(machine === machineId, `is another machine: its machine id is ${machineId}, the cluster has ${machine}`);
    require(boot === '' ||
      boot === bootId, `may be another machine: its boot id is ${bootId}, the cluster has ${boot}`);
  }

  private answer({ name }: Script<unknown>, given: Parameters): ReturnType<Answers[string]> {
    if (name === 'read-unit') {
      const state = this.units.has(given.text('unit')) ? 'running' : 'none';
      return { result: 'unchanged', facts: { state, progress: '', report: '', end: '', errors: '' } };
    }
    if (name === 'cancel-unit') {
      return { result: this.units.delete(given.text('unit')) ? 'changed' : 'unchanged', facts: {} };
    }
    const answer = answers[name];
    if (!answer) throw new Error(`the model has no answer to script ${name}`);
    return answer(this.machine, given);
  }

  unit<Facts>(name: string, script: Script<Facts>): Unit<Facts> {
    return {
      start: async () => {
        this.changes.assertAlive();
        if (!this.units.has(name)) this.units.set(name, script);
      },
      reattach: async ({ onProgress } = {}) => {
        this.changes.assertAlive();
        const running = this.units.get(name);
        if (!running) throw new Error(`unit ${name} was not started on ${this.machine.name}`);
        onProgress?.(progress);
        this.units.delete(name);
        return this.run(running as Script<Facts>);
      },
      cancel: async () => {
        this.changes.assertAlive();
        this.units.delete(name);
      },
    };
  }
}
