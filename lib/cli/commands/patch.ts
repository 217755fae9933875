import path from 'node:path';
import { liveCluster } from '../../cluster/live';
import { loadCluster } from '../../cluster/load-cluster';
import { UserError } from '../../core/problems';
import { appOf } from '../../migration/plan/wanted-volumes';
import { patchSetting } from '../../migration/settings/patch-setting';
import { trackedPatch } from '../../migration/settings/tracked-patch';
import { type OutputOptions, printResult } from '../result';
import { coloured } from '../terminal/colour';
import { readText, writeText } from '../terminal/text-file';

/** Changes the setting that a move changes in a copy of an app's settings file, such as one that is kept in Git. */
export async function patch(
  app: string,
  file: string,
  { file: description, dryRun, json }: OutputOptions & { readonly file: string; readonly dryRun?: boolean },
): Promise<void> {
  const { cluster } = await loadCluster(description);
  // Which generation is live makes no difference here, so the lock may say what it likes.
  appOf(liveCluster(cluster), app);
  const wanted = trackedPatch(cluster.apps, app, path.basename(file));
  const text = readText(file);
  if (text === undefined) {
    throw new UserError(
      `There is no file ${path.resolve(file)}: name the copy of ${app}'s ${path.basename(wanted.path)} that you keep`,
      { category: 'usage', code: 'file-unusable' },
    );
  }
  const name = wanted.element.at(-1);
  const patched = patchSetting(text, wanted);
  if (patched.problem !== undefined) {
    throw new UserError(
      `${file} ${patched.problem}. On a block device ${name} must be ${wanted.to}: write a value that the app knows. Nothing was changed`,
      { category: 'usage', code: 'file-unusable' },
    );
  }
  const { was } = patched;
  const print = (result: 'changed' | 'unchanged' | 'would-change', text: string) =>
    printResult(
      'patch',
      { json },
      { app, file: path.resolve(file), result, setting: name, value: wanted.to, ...(was !== undefined && { was }) },
      () => `${file}: ${text}`,
    );
  if (was === undefined) {
    print('unchanged', `${coloured('unchanged')}, ${name} already is ${wanted.to}, or is left to the app`);
    return;
  }
  if (dryRun) {
    print('would-change', `would be changed, ${name} is ${was} and would be ${wanted.to}. Nothing was changed`);
    return;
  }
  writeText(file, patched.text);
  print('changed', `${coloured('changed')}, ${name} was ${was} and is ${wanted.to}`);
}
