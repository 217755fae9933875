import { type Advice, adviceSentence } from '../../core/advice';
import type { Manifest } from '../../core/kubernetes';
import { UserError } from '../../core/problems';
import { notInCluster } from '../../owners/described-app';
import { unknownManagers } from '../../owners/field-managers';
import type { Owner } from '../../owners/owner';
import { ownerKindOf } from '../../owners/owner-kind';
import { deploymentManifest } from '../../workload/manifests/deployment';
import type { AppContext } from '../app-context';

/** An app whose owner is asked for. */
export type OwnedApp = Pick<AppContext, 'client' | 'project' | 'owners' | 'app' | 'model'>;

const NO_PULUMI = "pass owners: { ...kubectlOwners, ...pulumiOwners }, with pulumiOwners of 'lunward/pulumi'";

/** Who applies an app, or why no owner is known that can stop it. */
export async function ownerOf({ client, project, owners, app, model }: OwnedApp): Promise<Owner | Advice> {
  const deployment = deploymentManifest(model);
  const subject = `Deployment ${deployment.metadata.namespace}/${deployment.metadata.name}`;
  const live = await client.read(deployment);
  if (!live) return notInCluster(deployment);
  if (live.metadata?.deletionTimestamp) {
    const reason = 'is Terminating: it was deleted, and waits for its finalizers';
    return { code: 'terminating', subject, found: reason, remedy: 'see that it is gone, and apply the app again' };
  }
  const kind = ownerKindOf(live);
  const props = { client, file: project.file, app };
  if (kind === 'kubectl') return owners.kubectl(props);
  if (kind === 'pulumi') {
    if (owners.pulumi) return owners.pulumi(props);
    return {
      code: 'owner-unsupported',
      subject,
      found: 'is applied by Pulumi, and no owner for Pulumi was given',
      remedy: NO_PULUMI,
    };
  }
  return {
    code: 'owner-unsupported',
    subject,
    found: `is applied by ${kind.other}${kind.manager ? `, by manager ${kind.manager} of its managedFields` : ''}, which would start it again while it is moved`,
    remedy: `apps of Pulumi and of kubectl can be moved today; take it out of there first, so that it runs on${kind.manager ? `; where that was done: ${forgetManagers(deployment)}` : ''}`,
  };
}

/** Remarks about managers that write to an app, if they cause no refusal. */
export async function ownerRemarks({ client, model }: Pick<OwnedApp, 'client' | 'model'>): Promise<string[]> {
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

/** @throws UserError for an app without an owner that can stop it */
export async function requireOwner(app: OwnedApp): Promise<Owner> {
  const owner = await ownerOf(app);
  if (!('subject' in owner)) return owner;
  throw new UserError(`${adviceSentence(owner)}: ${owner.remedy}. Nothing was changed`, {
    category: 'refused',
    code: 'plan-refused',
    advice: [owner],
  });
}
