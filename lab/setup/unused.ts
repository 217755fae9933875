import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runningLabs } from '../supervisor/leftovers';

/** The newest, and one more for whoever goes back and forth between two versions. */
const KEPT = 2;

/** Removes folders of a kind that were made from other inputs, but for those that were used last or are in use. */
export function removeUnused(root: string, kind: string): void {
  const plans = runningLabs(join(root, 'labs')).map((name) =>
    readFileSync(join(root, 'labs', name, 'plan.json'), 'utf8'),
  );
  readdirSync(root)
    .filter((name) => new RegExp(`^${kind}-[0-9a-f]{16}$`).test(name))
    .map((name) => join(root, name))
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs)
    .slice(KEPT)
    .filter((folder) => !plans.some((plan) => plan.includes(folder)))
    .forEach((folder) => {
      rmSync(folder, { recursive: true, force: true });
    });
}
