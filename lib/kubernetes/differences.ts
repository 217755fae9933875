import type { Manifest } from '../core/kubernetes';
import { guardText, isGuard } from '../workload/guard';
import { type ClusterClient, type LiveObject, RefusedByServer } from './cluster-client';
import { retryOnConflict } from './retry-on-conflict';

/** One place where two objects differ. */
export interface Difference {
  /** `spec.template.spec.containers[app].image`; empty if the API server refuses the change as a whole. */
  readonly path: string;
  /** Whether only the live object has something there. */
  readonly isExtra: boolean;
  /** A short line for a person, with both values. */
  readonly text: string;
}

/**
 * Lists what a manifest would change in the live object of the same name. The API server computes it in a dry run, for the object as it is then: controllers write into it as well.
 *
 * @throws ConflictError if the object changes faster than it can be read
 */
export async function differencesFrom(
  live: LiveObject,
  manifest: Manifest,
  client: Pick<ClusterClient, 'read' | 'dryRunReplace'>,
): Promise<Difference[]> {
  try {
    return await retryOnConflict(async (tries) => {
      const current = tries === 1 ? live : await client.read(manifest);
      // It was deleted in the meantime: there is nothing that could differ.
      const replaced = current && (await client.dryRunReplace(inPlaceOf(current, manifest)));
      return replaced ? differences(comparable(current), comparable(replaced)) : [];
    });
  } catch (error) {
    if (!(error instanceof RefusedByServer)) throw error;
    const text = `the API server refuses the change: ${shortened(error.message, MOST_OF_ERROR)}`;
    return [{ path: '', isExtra: false, text }];
  }
}

// Annotations that controllers and kubectl write on every object that they handle. No description contains them, so
// they are not differences.
const bookkeeping =
  /^(kubectl\.kubernetes\.io\/last-applied-configuration|deployment\.kubernetes\.io\/.*|pv\.kubernetes\.io\/bound-by-controller|pv\.kubernetes\.io\/bind-completed|volume\.(beta\.)?kubernetes\.io\/.*)$/;

/**
 * Returns the manifest to replace the live object with. It keeps what the cluster itself wrote there, so only what
 * people wrote differs.
 */
export function inPlaceOf(live: LiveObject, manifest: Manifest): LiveObject {
  const annotations = Object.entries(live.metadata?.annotations ?? {}).filter(([key]) => bookkeeping.test(key));
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      resourceVersion: live.metadata?.resourceVersion,
      annotations: { ...Object.fromEntries(annotations), ...manifest.metadata.annotations },
      // The API server adds this label to every namespace.
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
    // The binder writes the volume of a dynamic claim, and the claim of a volume.
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

/** What the two sides of a comparison are called. */
type Words = readonly [one: string, other: string];

/**
 * Lists every leaf that differs, with a text such as `spec.replicas: runs 2, described 1`. List elements with
 * unique names, such as containers, are compared by name; their order is compared too.
 *
 * @param words what the two sides are called. Default: `runs` and `described`
 */
export function differences(
  live: unknown,
  described: unknown,
  path = '',
  words: Words = ['runs', 'described'],
): Difference[] {
  const names = [byNames(live), byNames(described)] as const;
  if (names[0] && names[1] && names[0].size + names[1].size > 0)
    return namedDifferences(names[0], names[1], path, words);
  if (isBranch(live) && isBranch(described) && Array.isArray(live) === Array.isArray(described)) {
    const keys = [...new Set([...Object.keys(live), ...Object.keys(described)])];
    return keys.flatMap((key) =>
      differences(
        live[key],
        described[key],
        Array.isArray(live) ? `${path}[${key}]` : path ? `${path}.${key}` : key,
        words,
      ),
    );
  }
  if (JSON.stringify(live) === JSON.stringify(described)) return [];
  const from = firstDifference(live, described);
  const text = `${path}: ${words[0]} ${show(live, from)}, ${words[1]} ${show(described, from)}`;
  return [{ path, isExtra: described === undefined, text }];
}

/** Whether it is a difference of a guard of the app. */
export function isOfGuard({ path }: Pick<Difference, 'path'>): boolean {
  const [, name = ''] = /\.initContainers\[([^\]]*)\]/.exec(path) ?? [];
  return isGuard({ name });
}

function namedDifferences(
  live: ReadonlyMap<string, unknown>,
  described: ReadonlyMap<string, unknown>,
  path: string,
  words: Words,
): Difference[] {
  const names = [...new Set([...live.keys(), ...described.keys()])];
  const found = names.flatMap((name) => differences(live.get(name), described.get(name), `${path}[${name}]`, words));
  const [now, then] = [
    [...live.keys()].filter((name) => described.has(name)).join(', '),
    [...described.keys()].filter((name) => live.has(name)).join(', '),
  ];
  if (now === then) return found;
  return [...found, { path, isExtra: false, text: `${path}: ${words[0]} in the order ${now}, ${words[1]} ${then}` }];
}

/**
 * Returns the elements of a list by name; for a missing list an empty map. `undefined` if an element has no name, or
 * two have the same.
 */
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

/** Longest value, and longest message of the API server, that is shown in full. */
const MOST_OF_VALUE = 100;
const MOST_OF_ERROR = 500;
/** Number of characters to show before the first difference. */
const BEFORE = 20;

/** Returns where two long texts start to differ, less the characters to show before. */
function firstDifference(live: unknown, described: unknown): number {
  if (typeof live !== 'string' || typeof described !== 'string') return 0;
  let place = 0;
  while (place < live.length && live[place] === described[place]) place++;
  return Math.max(0, place - BEFORE);
}

/** @param from for a text that is too long: index of the first character to show */
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
