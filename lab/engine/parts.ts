import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cache } from './cache';
import { pulumiOnPath } from './official';

/** Where a part of the engine comes from. A `stand-in` is ours, and results that rest on it say so. */
export type Origin = 'official' | 'downloaded' | 'built' | 'stand-in';

export type PartName = 'pulumi' | 'language-nodejs' | 'resource-kubernetes' | 'resource-command';

export interface Part {
  readonly name: PartName;
  readonly version: string;
  readonly origin: Origin;
  /** The program itself for `pulumi`, the folder that holds the program for the others. */
  readonly path: string;
}

/** What `npm run engine` decided, kept beside the binaries so that a second call need not ask again. */
export interface Decision {
  readonly pulumiOnPath: string;
  readonly parts: readonly Part[];
}

/** Stand-ins belong to a checkout and the cache is shared, so their folder is never written down. */
export const STAND_INS = join(__dirname, 'stand-ins');

function decisionFile(cache: Cache): string {
  return join(cache.folder, 'parts.json');
}

export function writeDecision(cache: Cache, parts: readonly Part[]): void {
  const decision: Decision = {
    pulumiOnPath: pulumiOnPath(cache.root),
    parts: parts.map((part) => (part.origin === 'stand-in' ? { ...part, path: '' } : part)),
  };
  const file = decisionFile(cache);
  mkdirSync(cache.folder, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(decision, null, 2)}\n`);
  renameSync(`${file}.${process.pid}`, file);
}

/** Nothing when it was never decided, when a part is gone, or when another Pulumi is on the PATH since. */
export function readDecision(cache: Cache): readonly Part[] | undefined {
  const file = decisionFile(cache);
  if (!existsSync(file)) return undefined;
  const decision = JSON.parse(readFileSync(file, 'utf8')) as Decision;
  if (decision.pulumiOnPath !== pulumiOnPath(cache.root)) return undefined;
  const parts = decision.parts.map((part) =>
    part.origin === 'stand-in' ? { ...part, path: join(STAND_INS, part.name) } : part,
  );
  return parts.every((part) => existsSync(part.path)) ? parts : undefined;
}
