import { LeaseLost } from '../../../lib/kubernetes/lease-lost';

/** This process is dead: nothing that it still asks for happens. */
export class Killed extends LeaseLost {}

/** Everything that was changed in a world, in its order, and the death of the process that changes it. */
export class Changes {
  readonly names: string[] = [];
  private isDead = false;
  private killAfter = Number.POSITIVE_INFINITY;

  /** Receives each change once it is recorded. */
  onChange: (name: string) => void = () => {};

  /** Kills the process that works now after so many more changes. */
  killIn(changes: number): void {
    this.killAfter = this.names.length + changes;
  }

  /** Another process works from now on. */
  revive(): void {
    this.isDead = false;
    this.killAfter = Number.POSITIVE_INFINITY;
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
