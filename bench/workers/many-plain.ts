import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Yaml } from 'cdk8s';
import { documentsOf, names } from './documents';

// The floor: the same documents as plain objects, through the same YAML writer.
const output = process.argv[2] as string;
mkdirSync(output, { recursive: true });
const texts = names.map((name) => [name, Yaml.stringify(...documentsOf(name))] as const);
for (const [name, text] of texts) {
  writeFileSync(path.join(output, `${name}.k8s.yaml`), text);
}
