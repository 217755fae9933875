import { z } from 'zod';
import { at } from '../core/paths';
import { type Problem, throwProblems, type Warning } from '../core/problems';
import { integer, mapOf, objectOf, problemsOf, text } from '../core/schema';
import type { Seal } from '../workload/model';
import type { Cluster } from './cluster';
import { volumeUses } from './volume-uses';

/** Name of the lock file. It is next to the description. */
export const lockFileName = 'lunward.lock.json';

/**
 * Says which generation of each volume with a history is live. The lock file is committed with the description. Only
 * `migrate` and `rollback` write it, so no edit of the description gives an app an empty volume.
 */
export interface Lock {
  /** Version of the file's format. */
  readonly version: 1;
  /** By app, then by mount path: the claim name of the live generation. Default: the first generation. */
  readonly live: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By app, then by claim name: the seal of a generation that data was moved to. Default: no generation is sealed. */
  readonly sealed?: Readonly<Record<string, Readonly<Record<string, Seal>>>>;
  /**
   * By app: claim names of generations that were removed from the cluster. Their lines may be deleted. Default: none.
   */
  readonly retired?: Readonly<Record<string, readonly string[]>>;
}

/** The lock if there is no file: the first generation of each volume is live. */
export const emptyLock: Lock = { version: 1, live: {} };

const seal = objectOf<Seal>({
  attempt: integer(1, Number.MAX_SAFE_INTEGER, 'the number of an attempt, as lunward wrote it'),
  uuid: text('the UUID of a file system', (uuid) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid)),
});

const schema = objectOf<Lock>({
  version: z.literal(1, { error: '1; a newer version of lunward wrote this file' }),
  live: mapOf(mapOf(text('the name of a claim'))),
  sealed: mapOf(mapOf(seal)).optional(),
  retired: mapOf(z.array(text('the name of a claim'))).optional(),
});

/**
 * Parses the text of a lock file.
 *
 * @throws DescriptionError if the text is not JSON or not a lock
 */
export function parseLock(content: string, fileName: string = lockFileName): Lock {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throwProblems(fileName, conflictIn(content));
    throwProblems(fileName, [
      {
        path: '(file)',
        value: (error as Error).message,
        expected: 'JSON',
        remedy: 'restore the file from Git; it says where the data is, so do not delete it',
      },
    ]);
  }
  throwProblems(fileName, problemsOf(schema, value, ''));
  return value as Lock;
}

/** A lock file in which Git has left both sides of a merge. */
function conflictIn(content: string): Problem[] {
  const lines = content
    .split(/\r?\n/)
    .flatMap((line, index) => (conflictMarker.test(line) ? [{ line, at: index + 1 }] : []));
  const [first] = lines;
  if (!first) return [];
  return [
    {
      path: `line ${first.at}`,
      value: first.line,
      expected: `no conflict markers of a merge (lines ${lines.map((one) => one.at).join(', ')})`,
      remedy:
        `take either side whole ("git checkout --ours -- ${lockFileName}", or --theirs): ` +
        'the journal in the cluster knows what is live, and "lunward status --write-lock" then writes that into the file',
    },
  ];
}

/** As Git writes them, also in the style diff3. */
const conflictMarker = /^(?:[<>|]{7} |={7}$)/;

/**
 * Returns a lock with other live generations of an app.
 *
 * @param live claims by mount path
 * @param sealed seals of the app's generations, by claim
 */
export function withLive(
  lock: Lock,
  app: string,
  live: Lock['live'][string],
  sealed: Readonly<Record<string, Seal>>,
): Lock {
  const seals = { ...lock.sealed?.[app], ...sealed };
  return {
    ...lock,
    live: Object.keys(live).length > 0 ? { ...lock.live, [app]: { ...lock.live[app], ...live } } : lock.live,
    ...((lock.sealed || Object.keys(seals).length > 0) && { sealed: { ...lock.sealed, [app]: seals } }),
  };
}

/** Returns a lock that records these generations of an app, given by claim, as removed from the cluster. */
export function withRetired(lock: Lock, app: string, claims: readonly string[]): Lock {
  if (claims.length === 0) return lock;
  return { ...lock, retired: { ...lock.retired, [app]: [...new Set([...(lock.retired?.[app] ?? []), ...claims])] } };
}

/**
 * Compares a lock with the description. Warns about entries of apps that are not described.
 *
 * @throws DescriptionError if a live generation is no longer described (synth would give the app another volume) or is
 * retired
 */
export function checkLock(cluster: Cluster, lock: Lock): Warning[] {
  const uses = volumeUses(cluster.apps, cluster.namespace.name);
  const problems: Problem[] = [];
  const warnings: Warning[] = [];
  for (const [app, volumes] of Object.entries(lock.live)) {
    if (!Object.hasOwn(cluster.apps, app)) {
      warnings.push({
        path: at('live', app),
        message: 'no such app is described; its entry stays for when it comes back',
      });
      continue;
    }
    for (const [mountPath, name] of Object.entries(volumes)) {
      if (lock.retired?.[app]?.includes(name)) {
        problems.push({
          path: at('live', app, mountPath),
          value: name,
          expected: 'a generation that is not retired',
          remedy: `the file was edited by hand: "lunward status ${app} --write-lock" writes what the journal says`,
        });
      }
      const generations = uses.filter((use) => use.app === app && use.mountPath === mountPath);
      if (!generations.some(({ volume }) => volume.name === name)) {
        problems.push({
          path: at('live', app, mountPath),
          value: name,
          expected: generations.length
            ? `a generation that is described: ${generations.map(({ volume }) => `"${volume.name}"`).join(', ')}`
            : `a mount path of the app with a volume`,
          remedy: `the data is on "${name}": put its line back into the description of apps.${app}`,
        });
      }
    }
  }
  throwProblems(lockFileName, problems);
  return warnings;
}
