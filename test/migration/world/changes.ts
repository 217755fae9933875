import { UnreachableError } from '../../../lib/core/problems';
import { ConflictError, RefusedByServer } from '../../../lib/kubernetes/cluster-client';
import { LeaseLost } from '../../../lib/kubernetes/lease-lost';

/** This process is dead: nothing that it still asks for happens. */
export class Killed extends LeaseLost {}

/** What becomes of something that is asked of a world: its request or its answer is lost, or it is refused, as stale or for good. */
export type Fault = 'request lost' | 'answer lost' | 'conflict' | 'refused';

/** Everything that was changed in a world, in its order, and the death of the process that changes it. */
export class Changes {
  readonly names: string[] = [];
  private isDead = false;
  private killAfter = Number.POSITIVE_INFINITY;

  /** Receives each change once it is recorded. */
  onChange: (name: string) => void = () => {};

  /** All that was asked of the API server and of nodes, reads too, in its order. */
  readonly asked: string[] = [];
  /** @param place of what is asked, in `asked` */
  faultAt: (place: number, name: string) => Fault | undefined = () => undefined;

  /** Asks the world something. @throws UnreachableError, ConflictError, RefusedByServer by `faultAt` */
  async ask<Answer>(name: string, what: () => Answer | Promise<Answer>): Promise<Answer> {
    this.assertAlive();
    const fault = this.faultAt(this.asked.push(name) - 1, name);
    if (fault === 'request lost') throw new UnreachableError(`no connection for: ${name}`);
    if (fault === 'conflict') throw new ConflictError(`somebody else wrote before: ${name}`);
    if (fault === 'refused') throw new RefusedByServer(`a policy says no to: ${name}`);
    const answer = await what();
    if (fault === 'answer lost') throw new UnreachableError(`the answer was lost of: ${name}`);
    return answer;
  }

  /** Kills the process that works now after so many more changes. */
  killIn(changes: number): void {
    this.killAfter = this.names.length + changes;
  }

  /** Another process works from now on. */
  revive(): void {
    this.isDead = false;
    this.killAfter = Number.POSITIVE_INFINITY;
    this.faultAt = () => undefined;
  }

  /** @throws Killed where the process has died */
  assertAlive(): void {
    if (this.isDead) throw new Killed('dead');
  }

  /** Something was changed. @throws Killed where the process dies after it */
  record(name: string): void {
    this.names.push(name);
    this.onChange(name);
    this.isDead = this.names.length >= this.killAfter;
    this.assertAlive();
  }
}
