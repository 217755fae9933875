import type { Manifest } from '../core/kubernetes';
import { guardText, isGuard } from '../workload/guard';
import { type ClusterClient, type LiveObject, RefusedByServer } from './cluster-client';

/** What a manifest would change of the object that runs under its name: a line each. It is asked of the API server, in a dry run. */
export async function differencesFrom(live: LiveObject, manifest: Manifest, client: ClusterClient): Promise<string[]> {
  try {
    const replaced = await client.dryRunReplace(inPlaceOf(live, manifest));
    return replaced ? differences(comparable(live), comparable(replaced)) : [];
  } catch (error) {
    if (error instanceof RefusedByServer) {
      return [`the API server refuses the change: ${shortened(error.message, MOST_OF_ERROR)}`];
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

/**
 * Every leaf that differs, a short line each: `spec.replicas: runs 2, described 1`. Elements of a list that all have names of their
 * own, such as containers, are compared by these, and so is their order.
 */
export function differences(live: unknown, described: unknown, path = ''): string[] {
  const names = [byNames(live), byNames(described)] as const;
  if (names[0] && names[1] && names[0].size + names[1].size > 0) return namedDifferences(names[0], names[1], path);
  if (isBranch(live) && isBranch(described) && Array.isArray(live) === Array.isArray(described)) {
    const keys = [...new Set([...Object.keys(live), ...Object.keys(described)])];
    return keys.flatMap((key) =>
      differences(live[key], described[key], Array.isArray(live) ? `${path}[${key}]` : path ? `${path}.${key}` : key),
    );
  }
  if (JSON.stringify(live) === JSON.stringify(described)) return [];
  const from = firstDifference(live, described);
  return [`${path}: runs ${show(live, from)}, described ${show(described, from)}`];
}

/** Whether a line of `differences` is about a guard of the app. */
export function isOfGuard(line: string): boolean {
  const [, name = ''] = /\.initContainers\[([^\]]*)\]/.exec(line) ?? [];
  return isGuard({ name });
}

function namedDifferences(
  live: ReadonlyMap<string, unknown>,
  described: ReadonlyMap<string, unknown>,
  path: string,
): string[] {
  const names = [...new Set([...live.keys(), ...described.keys()])];
  const lines = names.flatMap((name) => differences(live.get(name), described.get(name), `${path}[${name}]`));
  const [now, then] = [
    [...live.keys()].filter((name) => described.has(name)).join(', '),
    [...described.keys()].filter((name) => live.has(name)).join(', '),
  ];
  return now === then ? lines : [...lines, `${path}: runs in the order ${now}, described ${then}`];
}

/** The elements of a list by their names; none of a list that is not there. Nothing where one has no name, or two have the same. */
function byNames(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (value === undefined) return new Map();
  if (!Array.isArray(value)) return undefined;
  const named = value.flatMap((one) =>
    isBranch(one) && typeof one.name === 'string' ? [[one.name, one] as const] : [],
  );
  const found = new Map(named);
  return found.size === value.length ? found : undefined;
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Longest text of a value, and of the API server's words, that is read rather than skipped. */
const MOST_OF_VALUE = 100;
const MOST_OF_ERROR = 500;
/** How much is shown before the first character that differs. */
const BEFORE = 20;

/** Where two long texts begin to differ. */
function firstDifference(live: unknown, described: unknown): number {
  if (typeof live !== 'string' || typeof described !== 'string') return 0;
  let place = 0;
  while (place < live.length && live[place] === described[place]) place++;
  return Math.max(0, place - BEFORE);
}

/** @param from of a text that is too long: where what is shown of it begins */
function show(value: unknown, from: number): string {
  if (value === undefined) return 'without it';
  if (isBranch(value) && isGuard({ name: String(value.name) })) return guardText(value);
  if (typeof value !== 'string') return shortened(JSON.stringify(value), MOST_OF_VALUE);
  if (value.length <= MOST_OF_VALUE) return JSON.stringify(value);
  const part = value.slice(from, from + MOST_OF_VALUE);
  const [before, after] = [from > 0 ? '…' : '', from + part.length < value.length ? '…' : ''];
  return `${JSON.stringify(`${before}${part}${after}`)} (${value.length} characters)`;
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length} characters)`;
}
