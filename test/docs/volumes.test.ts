import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App, Chart } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { defineCluster } from '../../lib/cluster';
import { synthesizeCluster, Volume } from '../../lib/constructs';
import {
  type InlineVolume,
  inlineKinds,
  isPersistent,
  type PersistentVolume,
  persistentKinds,
} from '../../lib/volumes';
import { image } from '../helpers';
import { type Fence, fencesOf, root, run } from './fences';

const page = 'docs/volumes.md';
const text = readFileSync(path.join(root, page), 'utf8');
const fences = fencesOf(page);

// A snippet that exports `volume`, and the YAML right behind it, are a pair.
const pairs = fences.flatMap((snippet, index) => {
  const yaml = fences[index + 1];
  return snippet.language === 'ts' && /export const volume\b/.test(snippet.code) && yaml?.language === 'yaml'
    ? [{ snippet, yaml, where: `${page}:${snippet.line}` }]
    : [];
});

describe(page, () => {
  it('has a section, a snippet and YAML for every kind', async () => {
    const kinds = [...Object.keys(persistentKinds), ...Object.keys(inlineKinds)];
    const headings = [...text.matchAll(/^### .*`(\w+)`/gm)].map(([, kind]) => kind);
    expect(headings.sort()).toEqual(kinds.sort());
    const shown = await Promise.all(pairs.map(async ({ snippet }) => (await evaluate(snippet)).kind));
    expect([...new Set(shown)].sort()).toEqual(kinds);
  });

  it('has no YAML without a snippet', () => {
    const yaml = fences.filter(({ language }) => language === 'yaml');
    expect(yaml.map(({ line }) => line)).toEqual(pairs.map((pair) => pair.yaml.line));
  });

  it.each(pairs)('shows the YAML of its snippet: $where', async ({ snippet, yaml }) => {
    const made = manifestsOf(await evaluate(snippet));
    expect(parseAllDocuments(yaml.code).map((document) => document.toJS())).toEqual(made);
  });
});

async function evaluate(snippet: Fence): Promise<PersistentVolume | InlineVolume> {
  return (await run(snippet)).volume as PersistentVolume | InlineVolume;
}

/** PersistentVolume and claim of a volume; of a volume without ours, the part of the pod. */
function manifestsOf(volume: PersistentVolume | InlineVolume): unknown[] {
  if (isPersistent(volume) && volume.kind !== 'existingClaim') {
    const chart = new Chart(new App(), 'volumes', { namespace: 'media' });
    new Volume(chart, 'volume', volume);
    return chart.toJson();
  }
  const cluster = defineCluster({ namespace: 'media', apps: { app: { image, mounts: { '/data': volume } } } });
  const deployment = synthesizeCluster(cluster).manifests.app?.find(({ kind }) => kind === 'Deployment');
  const spec = deployment?.spec as unknown as { template: { spec: { volumes: unknown } } };
  return [{ volumes: spec.template.spec.volumes }];
}
