import { changeLock } from '../cluster/load-cluster';
import { withLive } from '../cluster/lock';
import type { Manifest } from '../core/kubernetes';
import { UserError } from '../core/problems';
import type { Refusal } from '../core/refusal';
import type { CutoverContext } from '../migration/cutover/cutover-context';
import { LostHold } from '../migration/cutover/roll-back';
import type { Journal } from '../migration/journal/journal';
import { notInCluster } from '../owners/described-app';
import { unknownManagers } from '../owners/field-managers';
import { KubectlOwner } from '../owners/kubectl';
import type { Owner } from '../owners/owner';
import { ownerKindOf } from '../owners/owner-kind';
import { deploymentManifest } from '../workload/manifests/deployment';
import type { Interruption } from './terminal/interruption';
import type { Workplace } from './workplace';

/** Who runs an app, or why nobody is known who can be asked to stop it. */
export async function ownerOf({ client, file, app, model }: Workplace): Promise<Owner | Refusal> {
  const deployment = deploymentManifest(model);
  const subject = `Deployment ${deployment.metadata.namespace}/${deployment.metadata.name}`;
  const live = await client.read(deployment);
  if (!live) return notInCluster(deployment);
  if (live.metadata?.deletionTimestamp) {
    const reason = 'is Terminating: it was deleted, and waits for its finalizers';
    return { subject, reason, remedy: 'see that it is gone, and apply the app again' };
  }
  const kind = ownerKindOf(live);
  if (kind === 'kubectl') return new KubectlOwner(client, file, app);
  if (kind === 'pulumi') {
    // Loaded only where it is needed.
    const { PulumiOwner } = await import('../pulumi/owner.js');
    return new PulumiOwner({ client, file, app });
  }
  return {
    subject,
    reason: `is applied by ${kind.other}${kind.manager ? `, by manager ${kind.manager} of its managedFields` : ''}, which would start it again while it is moved`,
    remedy: `apps of Pulumi and of kubectl can be moved today; take it out of there first, so that it runs on${kind.manager ? `; where that was done: ${forgetManagers(deployment)}` : ''}`,
  };
}

/** What a person wants to know of who writes to an app, where nothing is refused for it. */
export async function ownerRemarks({ client, model }: Pick<Workplace, 'client' | 'model'>): Promise<string[]> {
  const live = await client.read(deploymentManifest(model));
  return (live ? unknownManagers(live) : []).map(
    (manager) =>
      `"${manager}" has written to its Deployment, and is not known here: see that it does not apply or scale it while it is moved`,
  );
}

/** The command after which an object is taken for one that is applied by hand. */
function forgetManagers({ metadata }: Manifest): string {
  const patch = '[{"op":"replace","path":"/metadata/managedFields","value":[{}]}]';
  return `kubectl patch deployment ${metadata.name} -n ${metadata.namespace} --type=json -p '${patch}' forgets who wrote it`;
}

/** @throws UserError for an app that nobody can be asked to stop */
export async function requireOwner(workplace: Workplace): Promise<Owner> {
  const owner = await ownerOf(workplace);
  if (!('subject' in owner)) return owner;
  throw new UserError(`${owner.subject} ${owner.reason}: ${owner.remedy}. Nothing was changed`);
}

/** What a cut-over of an app works with. */
export async function siteOf(
  workplace: Workplace,
  journal: Journal,
  stillHeld: () => void,
  interruption: Interruption,
): Promise<CutoverContext> {
  const { app, model, client, nodes, file } = workplace;
  return {
    app,
    model,
    client,
    nodes,
    owner: await requireOwner(workplace),
    journal,
    writeLock: (live, sealed) => changeLock(file, (lock) => withLive(lock, app, live, sealed)),
    mayGoOn: () => {
      assertHeld(stillHeld);
      interruption.throwOnce();
    },
    tell: (line) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`),
  };
}

function assertHeld(stillHeld: () => void): void {
  try {
    stillHeld();
  } catch (error) {
    throw error instanceof UserError ? new LostHold(error.message) : error;
  }
}
