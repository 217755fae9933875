import { setTimeout as sleep } from 'node:timers/promises';
import { PulumiProject, type PulumiRun } from '../../project/pulumi-project';
import { SshUser } from '../../ssh-user';
import type { LabFixture } from './fixture';

// What runs beside it needs the machine's time too.
const PAUSE_MILLISECONDS = 20_000;

/** A user who adopts running apps with Pulumi, and applies them by hand from then on. */
export class Adopter {
  private constructor(
    readonly project: PulumiProject,
    private readonly ssh: SshUser,
  ) {}

  static async of({ engine, lab }: LabFixture, description: string): Promise<Adopter> {
    const project = PulumiProject.create(engine, lab, { 'cluster.ts': description }, lab.context);
    return new Adopter(project, await SshUser.of(lab));
  }

  /** Runs the built command in the folder of the project. */
  lunward(...args: readonly string[]): Promise<PulumiRun> {
    return this.project.lunward(this.ssh.folder, ...args);
  }

  async adopt(app: string): Promise<void> {
    await this.project.pulumi('stack', 'init', app);
    await this.project.pulumi('config', 'set', 'adopt', 'true', '--stack', app);
    await this.project.up(app);
    await this.project.pulumi('config', 'rm', 'adopt', '--stack', app);
  }

  /** Applies an app again and again until something else has ended; returns the output of each run. */
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
    this.ssh.remove();
    this.project.remove();
  }
}
