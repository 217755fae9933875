import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { EngineRun } from './engine';
import { backendFolder, type StackPlace } from './file-backend';

/** What an engine says of a stack that it can't read the attributes of. */
export function cantLoad({ code, stdout, stderr }: EngineRun): boolean {
  return code !== 0 && /failed to load checkpoint: (unexpected )?EOF/.test(stdout + stderr);
}

/**
 * Removes what keeps engines from a stack once one was killed at the wrong moment. The state is written as a whole or not at all;
 * beside it lies `STACK.json.attrs` with its type and its MD5, which is written in place, and read before the state is
 * (gocloud.dev/blob/fileblob, attrs.go). Where there is none, nothing is missed.
 *
 * @returns whether there was one that is cut off
 */
export async function removeCutOffAttributes(place: StackPlace): Promise<boolean> {
  const root = backendFolder(place);
  if (!root) return false;
  const { project, stack } = place;
  const files = [path.join(project, stack), stack].flatMap((name) =>
    ['.json.attrs', '.json.gz.attrs'].map((end) => path.join(root, 'stacks', `${name}${end}`)),
  );
  const cutOff: string[] = [];
  for (const file of files) if (await isCutOff(file)) cutOff.push(file);
  for (const file of cutOff) await rm(file, { force: true });
  return cutOff.length > 0;
}

async function isCutOff(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
