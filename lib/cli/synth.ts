import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { synthesizeCluster, toYaml } from '../constructs/cluster-charts';
import { loadCluster } from '../load/load-cluster';

// The ending that the cdk8s command looks for.
const ending = '.k8s.yaml';

/** Writes the manifests of a description: a file an app, and one for what they share. Files of apps that are gone go too. */
export async function synth(file: string, output: string): Promise<void> {
  const { cluster, lock } = await loadCluster(file);
  const { manifests, warnings } = synthesizeCluster(cluster, lock);
  for (const { path: where, message } of warnings) {
    console.warn(`warning: ${where}: ${message}`);
  }
  mkdirSync(output, { recursive: true });
  const files = Object.entries(manifests).filter(([, objects]) => objects.length > 0);
  for (const [name, objects] of files) {
    writeWhole(path.join(output, `${name}${ending}`), toYaml(objects));
  }
  removeOthers(output, new Set(files.map(([name]) => `${name}${ending}`)));
}

// Never half a file: a GitOps controller or a second reader may look at any moment.
function writeWhole(file: string, content: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}

function removeOthers(output: string, wanted: ReadonlySet<string>): void {
  for (const name of readdirSync(output)) {
    if (name.endsWith(ending) && !wanted.has(name)) {
      rmSync(path.join(output, name));
      console.warn(`removed ${path.join(output, name)}: no such app is described`);
    }
  }
}
