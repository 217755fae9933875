import type { Manifest } from '../spec/kubernetes';
import { type ClusterClient, type LiveObject, RefusedByServer } from './cluster-client';

/** What a manifest would change of the object that runs under its name: a line each. It is asked of the API server, in a dry run. */
export async function differencesFrom(live: LiveObject, manifest: Manifest, client: ClusterClient): Promise<string[]> {
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

/** The manifest to take the live object's place, with what the cluster itself has written there: only what people wrote is another. */
export function inPlaceOf(live: LiveObject, manifest: Manifest): LiveObject {
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
