import path from 'node:path';
import { liveCluster } from '../../cluster/live';
import { loadCluster } from '../../cluster/load-cluster';
import { UserError } from '../../core/problems';
import { type OutputOptions, printResult } from '../result';
import { marks, withSection } from '../storage-page/marked-section';
import { storagePage } from '../storage-page/storage-page';
import { coloured } from '../terminal/colour';
import { readText, writeText } from '../terminal/text-file';

/** Writes what a description and its lock say of storage into a page, between two marks. All else in it stays. */
export async function docs(
  file: string,
  { file: description, json }: OutputOptions & { readonly file: string },
): Promise<void> {
  const { cluster, lock } = await loadCluster(description);
  const section = storagePage(liveCluster(cluster, lock));
  const page = readText(file);
  const marked = withSection(page ?? '', section);
  if (marked.problem !== undefined)
    throw new UserError(`${file} ${marked.problem}. Nothing was changed`, { category: 'usage', code: 'file-unusable' });
  const print = (result: 'changed' | 'unchanged', more = '') =>
    printResult('docs', { json }, { file: path.resolve(file), result }, () => `${file}: ${coloured(result)}${more}`);
  if (marked.text === page) {
    print('unchanged');
    return;
  }
  writeText(file, marked.text);
  const place = `\n  The section is at the top of the page. You may move it, with ${marks.begin} and ${marks.end}: the next run finds it by them.`;
  print('changed', page === undefined ? ', it was not there' : page.trim() && marked.isNew ? place : '');
}
