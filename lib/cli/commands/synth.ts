import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { sharedName } from '../../cluster/description';
import { liveCluster } from '../../cluster/live';
import { loadCluster } from '../../cluster/load-cluster';
import { writeWhole } from '../../cluster/write-whole';
import { synthesizePart, toYaml } from '../../constructs/cluster-charts';
import { UserError } from '../../core/problems';
import { markLine, writerOf } from '../manifest-mark';
import { refuseFile } from '../output-folder';
import { type OutputOptions, printResult } from '../result';
import { coloured } from '../terminal/colour';

// The ending that the cdk8s command looks for.
const ending = '.k8s.yaml';

interface ManifestFile {
  readonly name: string;
  /** Without the mark. */
  readonly body: string;
}

/**
 * Writes the manifests of a description: a file an app, and one for what they share. Files that it wrote for apps that are gone
 * go too; it replaces and removes no other file, since a GitOps controller may delete from the cluster what leaves the folder.
 *
 * @throws UserError before anything is written, where a file of another writer is in the place of one
 */
export async function synth(file: string, output: string, options: OutputOptions = {}): Promise<void> {
  const { cluster, lock } = await loadCluster(file);
  const live = liveCluster(cluster, lock);
  for (const { path: where, message } of live.warnings) warn(`${where}: ${message}`);
  // Every text before the first file, so that a fault in one app leaves the folder as it was; of a part only its text is
  // kept, since the constructs of a thousand apps would double the memory.
  const files = [...Object.keys(live.apps), sharedName].flatMap((name): ManifestFile[] => {
    const manifests = synthesizePart(live, name);
    return manifests.length > 0 ? [{ name: `${name}${ending}`, body: toYaml(manifests) }] : [];
  });
  refuseFile(output, 'name a folder with --output');
  const mark = markLine({ description: nameInProject(file), namespace: cluster.namespace.name });
  refuseToReplace(output, mark, files);
  mkdirSync(output, { recursive: true });
  for (const { name, body } of files) {
    writeWhole(path.join(output, name), mark + body);
  }
  const written = files.map(({ name }) => name);
  const removed = removeGone(output, mark, new Set(written));
  const warnings = live.warnings.map(({ path: where, message }) => ({ path: where, message }));
  printResult('synth', options, { folder: path.resolve(output), written, removed, warnings }, () => '');
}

/** Two descriptions of a project may have one output folder, and the same file name in folders of their own. */
function nameInProject(file: string): string {
  const absolute = path.resolve(file);
  let folder = path.dirname(absolute);
  while (!existsSync(path.join(folder, 'package.json'))) {
    if (folder === path.dirname(folder)) return path.basename(absolute);
    folder = path.dirname(folder);
  }
  return path.relative(folder, absolute).split(path.sep).join('/');
}

function refuseToReplace(output: string, mark: string, files: readonly ManifestFile[]): void {
  const foreign = files.flatMap(({ name, body }) => {
    const place = path.join(output, name);
    if (!existsSync(place)) return [];
    const content = readFileSync(place, 'utf8');
    const writer = writerOf(content);
    // An earlier version wrote the same without a mark.
    return writer === writerOf(mark) || content === body ? [] : [`  ${place}: ${described(writer)}`];
  });
  if (foreign.length === 0) return;
  throw new UserError(
    [
      `synth replaces only files that it wrote from ${writerOf(mark)}, so nothing was written. Other files are in their place:`,
      ...foreign,
      'Name another folder with --output. If these files are from an earlier run and no longer needed, delete them first.',
    ].join('\n'),
    { category: 'refused', code: 'files-of-others' },
  );
}

/** @returns names of the files that are gone */
function removeGone(output: string, mark: string, wanted: ReadonlySet<string>): string[] {
  const removed: string[] = [];
  for (const entry of readdirSync(output, { withFileTypes: true })) {
    const { name } = entry;
    if (!entry.isFile() || !name.endsWith(ending) || wanted.has(name)) continue;
    const place = path.join(output, name);
    const writer = writerOf(readFileSync(place, 'utf8'));
    if (writer === writerOf(mark)) {
      rmSync(place);
      removed.push(name);
      console.warn(`removed ${place}: no such app is described`);
    } else if (writer === undefined) {
      // What another description wrote is its own matter; a file without a mark may be from an earlier version of ours.
      warn(`${place}: ${described(writer)}, so it stays; delete it if an earlier version of Lunward wrote it`);
    }
  }
  return removed;
}

const described = (writer: string | undefined) =>
  writer === undefined ? 'has no line that says synth wrote it' : `was written from ${writer}`;

function warn(message: string): void {
  console.warn(`${coloured('warning', 'warning', process.stderr)}: ${message}`);
}
