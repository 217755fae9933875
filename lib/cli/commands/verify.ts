import { openMigrator } from '../open-migrator';
import { printResult } from '../result';
import { abortable } from '../terminal/interruption';
import { verifyText } from '../views/verify-text';

interface Options {
  readonly file: string;
  readonly json?: boolean;
}

/** Compares what an app's volumes hold now with what they held when they were sealed, and prints it. @returns the exit code */
export async function verify(app: string, { file, json = false }: Options): Promise<number> {
  const migrator = await openMigrator(file, { json });
  const mounts = await abortable((signal) => migrator.verify(app, { signal }));
  printResult('verify', { json }, mounts, () => verifyText(mounts));
  return mounts.some(({ findings }) => findings.some(({ severity }) => severity === 'error')) ? 1 : 0;
}
