import { setTimeout as sleep } from 'node:timers/promises';
import { PulumiProject } from '../../project/pulumi-project';
import type { LabFixture } from './fixture';

// What runs beside it has the time of the machine too.
const PAUSE_MILLISECONDS = 20_000;

/** Somebody who takes over what runs with Pulumi, and applies it by hand from then on. */
export class Adopter {
  private constructor(private readonly project: PulumiProject) {}

  static of({ engine, lab }: LabFixture, description: string): Adopter {
    return new Adopter(PulumiProject.create(engine, lab, { 'cluster.ts': description }, lab.context));
  }

  async adopt(app: string): Promise<void> {
    await this.project.pulumi('stack', 'init', app);
    await this.project.pulumi('config', 'set', 'adopt', 'true', '--stack', app);
    await this.project.up(app);
    await this.project.pulumi('config', 'rm', 'adopt', '--stack', app);
  }

  /** Applies an app again and again until something else has ended; returns what was printed each time. */
  async upUntil(end: Promise<unknown>, app: string): Promise<string[]> {
    let hasEnded = false;
    const over = end.finally(() => {
      hasEnded = true;
    });
    const printed: string[] = [];
    while (!hasEnded) {
      printed.push(await this.project.up(app));
      await Promise.race([over, sleep(PAUSE_MILLISECONDS)]);
    }
    await over;
    return printed;
  }

  remove(): void {
    this.project.remove();
  }
}
