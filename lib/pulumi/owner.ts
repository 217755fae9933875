import path from 'node:path';
import type { Advice } from '../core/advice';
import type { Manifest } from '../core/kubernetes';
import { UserError } from '../core/problems';
import { bindClaims } from '../kubernetes/bind-claims';
import type { ClusterClient, LiveObject } from '../kubernetes/cluster-client';
import { LeaseLost } from '../kubernetes/lease-lost';
import type { Cutover } from '../migration/journal/cutover';
import { Journal } from '../migration/journal/journal';
import { type DescribedApp, describedApp, replicasOf } from '../owners/described-app';
import { workloadOf } from '../owners/live-workload';
import type { Owner, Workload } from '../owners/owner';
import type { OwnerProps } from '../owners/registry';
import { environmentOf, manifestsDuring } from './cutover-manifests';
import { claimsByMountPath } from './mounted-claims';
import { describeObject } from './object-reference';
import { isOnLive } from './recorded-state';
import { differencesForPulumi } from './skip-await';
import { describeHolder } from './stack-lock';
import { type UpdateOptions, UserStack } from './user-stack';

/**
 * An app that a stack of the user's own Pulumi project applies: the folder of the description is the project, and the stack has the
 * app's key as its name. The program follows the journal, whoever runs it.
 */
export class PulumiOwner implements Owner {
  readonly name: string;
  readonly needsPulumi = true;
  private readonly client: ClusterClient;
  private readonly file: string;
  private readonly app: string;
  private readonly stack: UserStack;
  private readonly assertHeld: OwnerProps['assertHeld'];

  constructor({ client, file, app, assertHeld }: OwnerProps) {
    this.assertHeld = assertHeld;
    this.name = `Pulumi (stack ${app})`;
    this.client = client;
    this.file = path.resolve(file);
    this.app = app;
    this.stack = new UserStack(path.dirname(this.file), app);
  }

  async refusals(): Promise<readonly Advice[]> {
    const subject = `stack ${this.app}`;
    try {
      return (await this.stackRefusal(subject)) ?? (await this.liveRefusals());
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const remedy = `make \`pulumi preview --stack ${this.app}\` work in ${this.stack.folder} first`;
      return [{ code: 'pulumi-failed', subject, found: `can't be asked by Pulumi: ${error.message}`, remedy }];
    }
  }

  async replicas(): Promise<number> {
    return replicasOf(await this.running((await this.described()).deployment));
  }

  async workload(): Promise<Workload> {
    return workloadOf(await this.running((await describedApp(this.file, this.app)).deployment));
  }

  async fence(): Promise<void> {
    // Only a person runs `pulumi up`, and during a move the program starts no app that is stopped.
  }

  async stop(): Promise<void> {
    const { cutover, deployment } = await this.described();
    await this.update(deployment, (live) => replicasOf(live) === 0, {
      environment: cutover && environmentOf('stop', cutover),
    });
  }

  async switchClaim(): Promise<void> {
    const { cutover, deployment } = await this.described();
    // Going forward, the update that starts the app also creates its volumes: an update for each step would double the
    // downtime. During a rollback, the fence of the new volumes comes in between, and it refuses any change of a
    // Deployment that uses them.
    if (cutover?.phase !== 'returning') return;
    await this.update(deployment, (live) => replicasOf(live) === 0 && mountsAs(live, deployment));
  }

  /** Starts the described number of replicas, which equals the number that ran: otherwise the move was refused. */
  async start(): Promise<void> {
    const { cutover, deployment, manifests } = await this.described();
    const wanted = replicasOf(deployment);
    const runs = (live: LiveObject) => replicasOf(live) === wanted && mountsAs(live, deployment);
    const over = new AbortController();
    // Pulumi waits for the claims that it creates. If the cluster can't be reached, the update reports that.
    const bound = bindClaims(this.client, manifests, { signal: over.signal }).catch(() => {});
    try {
      await this.update(deployment, runs, {
        environment: cutover && environmentOf('start', cutover),
        isDone: async () => runs(await this.running(deployment)),
      });
    } finally {
      over.abort();
      await bound;
    }
  }

  /** Removes the annotation, left by the update that started the app, that tells Pulumi not to wait. */
  async release(): Promise<void> {
    const { cutover, deployment } = await this.described();
    await this.update(deployment, (live) => mountsAs(live, deployment), {
      environment: cutover && environmentOf('settle', cutover),
    });
  }

  private async stackRefusal(subject: string): Promise<readonly Advice[] | undefined> {
    const { stack, app } = this;
    if (!stack.hasProject) {
      const remedy = 'move it from the folder of the description that `pulumi up` is run in';
      return [
        {
          code: 'pulumi-project-missing',
          subject: stack.folder,
          found: 'has no Pulumi.yaml, though Pulumi applies the app',
          remedy,
        },
      ];
    }
    const found = await stack.find();
    if (!found) {
      const remedy = `choose the backend that it is in (\`pulumi login\`), or adopt the app: \`pulumi stack init ${app}\``;
      return [{ code: 'pulumi-stack-missing', subject, found: 'is not there, though Pulumi applies the app', remedy }];
    }
    const holders = await stack.livingHolders();
    if (found.isUpdated || holders.length > 0) {
      const by = holders.map(describeHolder).join(', ') || 'an update that the service of Pulumi knows of';
      const remedy = `wait until it has ended; where it runs no more, \`pulumi cancel --stack ${app}\``;
      return [{ code: 'pulumi-stack-locked', subject, found: `is locked by ${by}`, remedy }];
    }
    if (await stack.hasPending()) {
      const remedy = `\`pulumi refresh --stack ${app}\` asks what became of it`;
      return [{ code: 'pulumi-update-pending', subject, found: 'was left in the middle of an update', remedy }];
    }
    const changes = await stack.changes();
    if (changes.length === 0) return undefined;
    const reason = `would change more than the volume, and a move changes that alone: ${changes.join('; ')}`;
    return [
      { code: 'not-applied', subject, found: reason, remedy: `\`pulumi up --stack ${app}\` first, or undo the edit` },
    ];
  }

  /** Pulumi compares with its state: an update for the move would silently undo what others have changed since. */
  private async liveRefusals(): Promise<readonly Advice[]> {
    const { deployment, journal } = await this.described();
    const subject = describeObject(deployment);
    const live = await this.client.read(deployment);
    if (!live)
      return [
        {
          code: 'deployment-missing',
          subject,
          found: 'is not in the cluster',
          remedy: `\`pulumi up --refresh --stack ${this.app}\``,
        },
      ];
    const state = { cutover: journal.cutover, isRunning: isOnLive(live, journal) };
    const differing = (
      await Promise.all(
        manifestsDuring(state, [deployment]).manifests.map((one) => differencesForPulumi(live, one, this.client)),
      )
    ).flat();
    // Pulumi leaves fields alone that only others set.
    const changed = differing.filter(({ isExtra }) => !isExtra);
    if (changed.length === 0) return [];
    const reason = `runs otherwise than it is described, and a move changes its volume alone: ${changed.map(({ text }) => text).join('; ')}`;
    return [
      {
        code: 'deployment-differs',
        subject,
        found: reason,
        remedy: `describe it as it runs, or \`pulumi up --refresh --stack ${this.app}\` first`,
      },
    ];
  }

  /**
   * Applies the stack, and checks that this had the intended effect: the engine compares with its state, and may have
   * found nothing to do.
   */
  private async update(
    deployment: Manifest,
    isReached: (live: LiveObject) => boolean,
    how: Omit<UpdateOptions, 'refresh'> = {},
  ): Promise<void> {
    for (const refresh of [false, true]) {
      try {
        await this.stack.up({ ...how, refresh, beforeRun: this.assertHeld });
      } catch (error) {
        if (!(error instanceof UserError) || error instanceof LeaseLost) throw error;
        // While the API server is down the Deployment can't be read either.
        const state = await this.state(deployment).catch(({ message }: Error) => message);
        throw UserError.from(error, `${this.name}: \`pulumi up\` failed: ${error.message}\n${state}`);
      }
      if (isReached(await this.running(deployment))) return;
    }
    throw new UserError(
      `${this.name}: \`pulumi up\` did not do what it was for. ${await this.state(deployment)} ` +
        `Does its program apply ${this.file}, with the lock beside it?`,
      { code: 'app-unchanged' },
    );
  }

  private async state(deployment: Manifest): Promise<string> {
    const live = await this.running(deployment);
    const mounts = Object.entries(claimsByMountPath(live)).map(([mountPath, claim]) => `${claim} at ${mountPath}`);
    return `${describeObject(deployment)} is to have ${replicasOf(live)} replicas, with ${mounts.join(', ') || 'no claim'}.`;
  }

  private async running(deployment: Manifest): Promise<LiveObject> {
    const live = await this.client.read(deployment);
    if (live) return live;
    const remedy = `\`pulumi up --refresh --stack ${this.app}\``;
    throw new UserError(`${describeObject(deployment)} is not in the cluster any more: ${remedy} creates it again`, {
      code: 'deployment-gone',
    });
  }

  /** The Deployment as the program would create it if the app were not kept stopped. */
  private async described(): Promise<
    DescribedApp & { readonly journal: Journal; readonly cutover: Cutover | undefined }
  > {
    const app = await describedApp(this.file, this.app);
    const journal = await Journal.read(this.client, app.deployment.metadata.namespace ?? '', this.app);
    return { ...app, journal, cutover: journal.cutover };
  }
}

function mountsAs(live: LiveObject, deployment: Manifest): boolean {
  const [now, then] = [claimsByMountPath(live), claimsByMountPath(deployment)];
  return Object.entries(then).every(([mountPath, claim]) => now[mountPath] === claim);
}
