import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { sharedName } from '../cluster/description';
import { liveCluster } from '../cluster/live';
import { synthesizePart, toYaml } from '../constructs/cluster-charts';
import { loadCluster } from '../load/load-cluster';
import { writeWhole } from '../load/write-whole';
import { coloured } from './colour';

// The ending that the cdk8s command looks for.
const ending = '.k8s.yaml';

/** Writes the manifests of a description: a file an app, and one for what they share. Files of apps that are gone go too. */
export async function synth(file: string, output: string): Promise<void> {
  const { cluster, lock } = await loadCluster(file);
  const live = liveCluster(cluster, lock);
  for (const { path: where, message } of live.warnings) {
    console.warn(`${coloured('warning', 'warning', process.stderr)}: ${where}: ${message}`);
  }
  // Every text before the first file, so that a fault in one app leaves the folder as it was; of a part only its text is
  // kept, since the constructs of a thousand apps would double the memory.
  const files = [...Object.keys(live.apps), sharedName].flatMap((name) => {
    const manifests = synthesizePart(live, name);
    return manifests.length > 0 ? [{ name: `${name}${ending}`, text: toYaml(manifests) }] : [];
  });
  mkdirSync(output, { recursive: true });
  for (const { name, text } of files) {
    writeWhole(path.join(output, name), text);
  }
  removeOthers(output, new Set(files.map(({ name }) => name)));
}

function removeOthers(output: string, wanted: ReadonlySet<string>): void {
  for (const name of readdirSync(output)) {
    if (name.endsWith(ending) && !wanted.has(name)) {
      rmSync(path.join(output, name));
      console.warn(`removed ${path.join(output, name)}: no such app is described`);
    }
  }
}
