import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';
import * as scriptFiles from '../../../lib/scripts/script-files';
import { movableKinds } from '../../../lib/storage/kinds';
import { movableLocal } from './index';

/** Registers the third kind for the tests of a file: the line that a kind takes in `lib/storage/kinds.ts`, and its scripts. */
export function useThirdKind(): void {
  const { readScript } = scriptFiles;
  const own = (name: string) => path.join(__dirname, 'scripts', name);
  beforeAll(() => {
    Object.assign(movableKinds, { local: movableLocal });
    vi.spyOn(scriptFiles, 'readScript').mockImplementation((name) =>
      existsSync(own(name)) ? readFileSync(own(name), 'utf8').trimEnd() : readScript(name),
    );
  });
  afterAll(() => {
    Reflect.deleteProperty(movableKinds, 'local');
    vi.mocked(scriptFiles.readScript).mockRestore();
  });
}
