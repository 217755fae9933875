import * as pulumi from '@pulumi/pulumi';
import { sharedName } from '../cluster/description';
import type { Manifest } from '../core/kubernetes';
import type { ClusterClient } from '../kubernetes/cluster-client';
import { describeObject, resourceName } from './object-reference';
import { differencesForPulumi } from './skip-await';

/** The hooks of a stack's resources. */
export interface Guards {
  /** For every object: refuses to create an object that already exists, because that would overwrite it. */
  readonly ofObject: pulumi.ResourceHookBinding;
  /** For an object that holds data: also refuses to delete or replace it. */
  readonly ofData: pulumi.ResourceHookBinding;
}

/** What the hooks need to know. */
export interface Guarded {
  readonly client: ClusterClient;
  /** The manifests of the description. */
  readonly manifests: readonly Manifest[];
  /** Manifests whose objects already run as described, and are adopted. */
  readonly adopted: ReadonlySet<Manifest>;
  /**
   * Whether the journal knows the manifest as part of a move. An update that was cut off may have created its object
   * before the state recorded it; the object is adopted if it is as described.
   */
  readonly isJournaled: (manifest: Manifest) => boolean;
  /**
   * Whether the journal knows the manifest as part of a retired generation: it may leave the state, and its object the
   * cluster.
   */
  readonly isRetired: (manifest: Manifest) => boolean;
}

/**
 * Creates the hooks. They also run in previews, and the state names them: an object whose line was deleted from the
 * description is guarded by the hook that it was created with. The engine itself refuses `pulumi destroy` without the
 * program, because it could not run the hooks.
 *
 * @param part name of the component: the engine identifies hooks by name, and a program may contain several parts
 */
export function makeGuards(part: string, guarded: Guarded): Guards {
  const { client, manifests, adopted, isJournaled, isRetired } = guarded;
  const takenOver = new Set([...adopted].map(describeObject));
  const declared = new Set(manifests.map(resourceName));
  const replaced = new Set<string>();
  const noOverwrite = hook(`lunward-no-overwrite-${part}`, async ({ urn, newInputs }) => {
    const manifest = newInputs as Manifest;
    if (!replaced.has(urn) && !takenOver.has(describeObject(manifest))) {
      const described = manifests.find((one) => describeObject(one) === describeObject(manifest));
      await refuseExisting(manifest, client, described && isJournaled(described) ? described : undefined);
      await refuseWithoutNamespace(manifest, manifests, client);
    }
  });
  const noteReplaced = hook(`lunward-note-replaced-${part}`, ({ urn }) => {
    replaced.add(urn);
  });
  const keepData = hook(`lunward-keep-data-${part}`, ({ urn, name, oldInputs }) => {
    if (!declared.has(name) && isRetired(oldInputs as Manifest)) return;
    throw new Error(keepDataMessage(urn, oldInputs as Manifest, declared.has(name)));
  });
  return {
    ofObject: { beforeCreate: [noOverwrite], beforeDelete: [noteReplaced] },
    ofData: { beforeCreate: [noOverwrite], beforeDelete: [keepData] },
  };
}

function hook(name: string, callback: pulumi.ResourceHookFunction): pulumi.ResourceHook {
  return new pulumi.ResourceHook(name, callback, { onDryRun: true });
}

async function refuseExisting(
  manifest: Manifest,
  client: ClusterClient,
  journaled: Manifest | undefined,
): Promise<void> {
  const live = await client.read(manifest);
  if (!live) return;
  const differing = journaled && (await differencesForPulumi(live, journaled, client));
  if (differing?.length === 0) return;
  throw new Error(
    `${describeObject(manifest)} exists already and this stack did not make it; it was not touched. ` +
      (differing
        ? `It is of the move that the journal knows, and is not as described: ${differing.map(({ text }) => text).join('; ')}. `
        : '') +
      `To take it over as it runs: \`pulumi config set adopt true --stack ${pulumi.getStack()}\`, then \`pulumi preview\` ` +
      'shows whether it is as described. To have another object: choose another name',
  );
}

async function refuseWithoutNamespace(
  manifest: Manifest,
  manifests: readonly Manifest[],
  client: ClusterClient,
): Promise<void> {
  const name = manifest.metadata.namespace;
  const isDeclared = manifests.some(({ kind, metadata }) => kind === 'Namespace' && metadata.name === name);
  if (name && !isDeclared && !(await client.read({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }))) {
    throw new Error(
      `${describeObject(manifest)} has no namespace to go to: "${name}" does not exist. Make it with \`pulumi up --stack ${sharedName}\``,
    );
  }
}

function keepDataMessage(urn: string, manifest: Manifest, isDeclared: boolean): string {
  const object = describeObject(manifest);
  const keep = `To leave it in the cluster with its data and only end Pulumi's care for it: \`pulumi state delete '${urn}' --stack ${pulumi.getStack()}\``;
  return isDeclared
    ? `${object} holds data and is neither replaced nor destroyed; it was not touched. ` +
        'A change of what can not change in place (source, access modes, class, name) wants a new volume: undo the edit and add the new place ' +
        `as a further generation with a name of its own. To stop an app, set \`replicas: 0\`. ${keep}`
    : `${object} holds data and is not deleted, although the description has it no more; it was not touched. ` +
        `Put its line back; of a generation that is not live any more, \`lunward retire\` is to be asked first. ${keep}`;
}
