import { type ClusterClient, type LiveObject, RefusedByServer } from '../kubernetes/cluster-client';
import type { Manifest } from '../spec/kubernetes';
import { UserError } from '../spec/problems';
import { describeObject } from './object-reference';

/**
 * Compares manifests with the objects that run under their names.
 *
 * @returns The manifests whose objects exist and would not change: these can be adopted. The others don't exist yet.
 * @throws UserError with every difference, object by object: adopting would overwrite it.
 */
export async function adoptable(manifests: readonly Manifest[], client: ClusterClient): Promise<ReadonlySet<Manifest>> {
  const existing = new Set<Manifest>();
  const differing: string[] = [];
  for (const manifest of manifests) {
    const live = await client.read(manifest);
    if (live) {
      existing.add(manifest);
      const differences = await differencesFrom(live, manifest, client);
      if (differences.length > 0) {
        differing.push(`${describeObject(manifest)}:`, ...differences.map((line) => `  ${line}`));
      }
    }
  }
  if (differing.length > 0) {
    throw new UserError(
      [
        'Not adopted: what runs is not what is described, and nothing was changed.',
        ...differing,
        'Describe each of them as it runs (names, labels and selector can be set; `pod` and `container` say the rest),',
        'or change the running object first, so that the change is one that you chose.',
      ].join('\n'),
    );
  }
  return existing;
}

async function differencesFrom(live: LiveObject, manifest: Manifest, client: ClusterClient): Promise<string[]> {
  try {
    const replaced = await client.dryRunReplace(inPlaceOf(live, manifest));
    return replaced ? differences(comparable(live), comparable(replaced)) : [];
  } catch (error) {
    if (error instanceof RefusedByServer) {
      return [`the API server refuses the change: ${error.message}`];
    }
    throw error;
  }
}

// Annotations that controllers and kubectl write to every object they handle: nobody described them, nobody misses them.
const bookkeeping =
  /^(kubectl\.kubernetes\.io\/last-applied-configuration|deployment\.kubernetes\.io\/.*|pv\.kubernetes\.io\/bound-by-controller|pv\.kubernetes\.io\/bind-completed|volume\.(beta\.)?kubernetes\.io\/.*)$/;

/** The manifest with what the cluster itself has written into the live object, so that only what people wrote is compared. */
function inPlaceOf(live: LiveObject, manifest: Manifest): LiveObject {
  const annotations = Object.entries(live.metadata?.annotations ?? {}).filter(([key]) => bookkeeping.test(key));
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      resourceVersion: live.metadata?.resourceVersion,
      annotations: { ...Object.fromEntries(annotations), ...manifest.metadata.annotations },
      // The API server gives every namespace this label.
      labels: {
        ...(manifest.kind === 'Namespace' && { 'kubernetes.io/metadata.name': manifest.metadata.name }),
        ...manifest.metadata.labels,
      },
    },
    ...(manifest.spec && { spec: withBinding(live.spec ?? {}, manifest.spec) }),
  } as LiveObject;
}

function withBinding(
  live: Readonly<Record<string, unknown>>,
  described: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const liveClaim = live.claimRef as Record<string, unknown> | undefined;
  return {
    // What the binder writes: the volume of a dynamic claim, the claim of a volume.
    ...(typeof live.volumeName === 'string' && { volumeName: live.volumeName }),
    ...described,
    ...(liveClaim && {
      claimRef: described.claimRef
        ? { uid: liveClaim.uid, resourceVersion: liveClaim.resourceVersion, ...(described.claimRef as object) }
        : liveClaim,
    }),
  };
}

function comparable({ metadata, spec }: LiveObject): Record<string, unknown> {
  return { metadata: { labels: metadata?.labels ?? {}, annotations: metadata?.annotations ?? {} }, spec: spec ?? {} };
}

/** Every leaf that differs, a line each: `spec.replicas: runs 2, described 1`. */
export function differences(live: unknown, described: unknown, path = ''): string[] {
  if (isBranch(live) && isBranch(described) && Array.isArray(live) === Array.isArray(described)) {
    const keys = [...new Set([...Object.keys(live), ...Object.keys(described)])];
    return keys.flatMap((key) =>
      differences(live[key], described[key], Array.isArray(live) ? `${path}[${key}]` : path ? `${path}.${key}` : key),
    );
  }
  return JSON.stringify(live) === JSON.stringify(described)
    ? []
    : [`${path}: runs ${show(live)}, described ${show(described)}`];
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function show(value: unknown): string {
  return value === undefined ? 'without it' : JSON.stringify(value);
}
