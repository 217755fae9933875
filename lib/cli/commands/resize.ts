import { openMigrator } from '../open-migrator';
import { type OutputOptions, printResult } from '../result';
import { abortable } from '../terminal/interruption';
import { resizedText } from '../views/resized-text';

interface Options extends OutputOptions {
  readonly file: string;
  /** Of the volume, where the app has more than one. */
  readonly mount?: string;
}

/** Gives an app's volume all of its LUN, after that was grown on the NAS. @param size as Kubernetes writes it */
export async function resize(app: string, size: string, { file, json = false, ...options }: Options): Promise<void> {
  const migrator = await openMigrator(file, { json });
  const resized = await abortable((signal) => migrator.resize(app, size, { ...options, signal }));
  const { mountPath, volume, before } = resized;
  const result = { app, mountPath, claim: volume.name, size, before };
  printResult('resize', { json }, result, () => resizedText(resized));
}
