import type { Progress, Runner, Unit } from '../../../lib/nodes/runner';
import type { Report } from '../../../lib/scripts/report';
import type { Script } from '../../../lib/scripts/script';
import { localAnswers } from '../../storage/third/model';
import type { Changes } from './changes';
import { type Answers, fillingAnswers } from './filling';
import { Declined, type Machine, require } from './opened';
import { Parameters } from './parameters';
import { probingAnswers } from './probing';

const answers: Answers = { ...fillingAnswers, ...probingAnswers, ...localAnswers };

const progress: Progress = { step: 'copy', bytes: 1, entries: 1, seconds: 1, bytesPerSecond: 1 };

/** A node that runs scripts. A unit goes on there when whoever started it ends. */
export class ModelNode implements Runner {
  /** Units that are at work. */
  readonly units = new Map<string, Script<unknown>>();

  private readonly reports = new Map<string, unknown>();

  /** @param changes receives the names of scripts that changed something */
  constructor(
    readonly machine: Machine,
    private readonly changes: Changes,
  ) {}

  /** Takes over the units of another one. */
  take(other: ModelNode): void {
    for (const [name, script] of other.units) this.units.set(name, script);
    for (const [name, report] of other.reports) this.reports.set(name, report);
  }

  /** The facts of each answer are held against the schema of the script: the model can't say what no script reports. */
  async run<Facts>(script: Script<Facts>): Promise<Report<Facts>> {
    return this.changes.ask(`run ${script.name} on ${this.machine.name}`, () => this.report(script));
  }

  private report<Facts>(script: Script<Facts>): Report<Facts> {
    const given = new Parameters(script);
    try {
      this.assertMachine(given);
      const { result, facts } = this.answer(script, given);
      if (result === 'changed') this.changes.record(`${script.name} on ${this.machine.name}`);
      return { result, facts: script.facts.parse(facts) };
    } catch (error) {
      if (!(error instanceof Declined)) throw error;
      return { result: 'declined', reason: error.message, ...(error.code && { code: error.code }) };
    }
  }

  /** As lib/scripts/bash/machine.sh. */
  private assertMachine(given: Parameters): void {
    if (!given.has('expected_machine')) return;
    const { machineId, bootId } = this.machine;
    const [machine, boot] = [given.text('expected_machine'), given.text('expected_boot')];
    const isMachine = `is another machine: its machine id is ${machineId}, the cluster has ${machine}`;
    require(machine === machineId, isMachine, 'other-machine');
    const isBoot = `may be another machine: its boot id is ${bootId}, the cluster has ${boot}`;
    require(boot === '' || boot === bootId, isBoot, 'other-machine');
  }

  private forget(unit: string): boolean {
    this.reports.delete(unit);
    return this.units.delete(unit);
  }

  private answer({ name }: Script<unknown>, given: Parameters): ReturnType<Answers[string]> {
    if (name === 'read-unit') {
      const state = this.units.has(given.text('unit')) ? 'running' : 'none';
      return { result: 'unchanged', facts: { state, progress: '', report: '', end: '', errors: '' } };
    }
    if (name === 'cancel-unit') {
      return { result: this.forget(given.text('unit')) ? 'changed' : 'unchanged', facts: {} };
    }
    const answer = answers[name];
    if (!answer) throw new Error(`the model has no answer to script ${name}`);
    return answer(this.machine, given);
  }

  unit<Facts>(name: string, script: Script<Facts>): Unit<Facts> {
    return {
      start: async () => {
        await this.changes.ask(`start unit ${script.name} on ${this.machine.name}`, () => {
          if (!this.units.has(name)) this.units.set(name, script);
        });
      },
      reattach: async ({ onProgress, signal, beforeRemoval } = {}) => {
        this.changes.assertAlive();
        const running = this.units.get(name) as Script<Facts> | undefined;
        if (!running) throw new Error(`unit ${name} was not started on ${this.machine.name}`);
        onProgress?.(progress);
        signal?.throwIfAborted();
        // It goes on whether or not anybody can ask for it, and its report waits until somebody has it.
        const report = (this.reports.get(name) as Report<Facts> | undefined) ?? this.report(running);
        this.reports.set(name, report);
        await this.changes.ask(`read unit ${script.name} on ${this.machine.name}`, () => {});
        await beforeRemoval?.();
        this.forget(name);
        return report;
      },
      cancel: async () => {
        await this.changes.ask(`cancel unit ${script.name} on ${this.machine.name}`, () => this.forget(name));
      },
    };
  }
}
