import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import { type ClusterDescription, defineCluster } from '../../lib/cluster';
import type { Lock } from '../../lib/cluster/lock';

/** A folder with a description in it, and what commands say of it. */
export interface DescribedFolder {
  /** A file in it. */
  at(name: string): string;
  /** Describes a cluster there, and what is live in it. */
  describe(description: ClusterDescription, lock?: Lock): void;
  /** What was printed since the last time that it was asked for. */
  said(): string;
}

/** A new one for each test of a file. */
export function describedFolder(): DescribedFolder {
  let folder = '';
  let printed = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lunward-'));
    printed = '';
    vi.spyOn(console, 'log').mockImplementation((text: string) => {
      printed += `${text}\n`;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });
  const at = (name: string) => path.join(folder, name);
  return {
    at,
    describe: (description, lock) => {
      // To load the library anew for each description would take a second.
      Object.assign(globalThis, { lunwardDescribed: defineCluster(description) });
      writeFileSync(at('cluster.ts'), 'export default (globalThis as any).lunwardDescribed;');
      if (lock) writeFileSync(at('lunward.lock.json'), JSON.stringify(lock));
    },
    said: () => {
      const text = printed;
      printed = '';
      return text;
    },
  };
}
