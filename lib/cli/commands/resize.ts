import { openMigrator } from '../open-migrator';
import { resizedText } from '../views/resized-text';

interface Options {
  readonly file: string;
  /** Of the volume, where the app has more than one. */
  readonly mount?: string;
}

/** Gives an app's volume all of its LUN, after that was grown on the NAS. @param size as Kubernetes writes it */
export async function resize(app: string, size: string, { file, ...options }: Options): Promise<void> {
  const migrator = await openMigrator(file);
  console.log(resizedText(await migrator.resize(app, size, options)));
}
