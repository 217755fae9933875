import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { EngineRun } from './engine';
import { backendFolder, type StackPlace } from './file-backend';

/** Whether an engine reports that it can't read the attributes of a stack. */
export function cantLoad({ code, stdout, stderr }: EngineRun): boolean {
  return code !== 0 && /failed to load checkpoint: (unexpected )?EOF/.test(stdout + stderr);
}

/**
 * Removes files that keep engines from a stack after one was killed at the wrong moment. The engine writes the state as
 * a whole or not at all. Beside it is `STACK.json.attrs`, with its type and MD5, which is written in place and read
 * before the state (gocloud.dev/blob/fileblob, attrs.go). The engine does not need that file.
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
