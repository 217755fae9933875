import path from 'node:path';
import { expect, test } from 'vitest';
import { ImportGraph } from '../../../tools/ci/import-graph';
import { reachedBy } from '../../../tools/ci/reach';
import { sourceFiles } from '../../../tools/ci/source-files';
import { labUnits } from '../../../tools/ci/units';

const root = path.join(__dirname, '../../..');
const units = labUnits(root);
const graph = new ImportGraph(root);
const all = units.map(({ name }) => name);
const reached = (...files: readonly string[]) =>
  [...reachedBy({ files, base: 'a commit' }, units, graph).keys()].map(({ name }) => name);

test.each([
  'package-lock.json',
  'package.json',
  'lab/package.json',
  'vitest.lab.config.mts',
  'lab/nas/luns.sh',
  'lab/nas/nas.ts',
  'lab/engine/go/kubectl/go.mod',
  'stacks/cluster.ts',
  'lib/a-file-that-is-gone.ts',
  'a-kind-of-file-that-is-not-known.xyz',
])('%s reaches every test of the lab', (file) => {
  expect(reached(file)).toEqual(all);
});

test.each([
  'README.md',
  'docs/internals/lab.md',
  'test/docs/snippets.test.ts',
  'tools/ci/main.ts',
  '.ci/run',
  'biome.json',
])('%s reaches none', (file) => {
  expect(reached(file)).toEqual([]);
});

test('a test file affects only itself, and shared test code affects its users', () => {
  expect(reached('lab/test/lab/copy.test.ts')).toEqual(['copy']);
  expect(reached('lab/test/lab/jellyfin.ts')).toEqual(expect.arrayContaining(['cut-over', 'meddled-with']));
  expect(reached('lab/test/lab/jellyfin.ts')).not.toContain('nas');
  expect(reached('test/nodes/ssh/own-ssh.ts')).toEqual(['without machines: nodes of the shared stack']);
});

test('code and scripts of the library affect the tests that use them', () => {
  const files = sourceFiles(root, 'lib');
  const named = (name: string) => files.find((file) => path.basename(file) === name) ?? '';
  expect(reached(named('wipe-lun.sh'))).toEqual(expect.arrayContaining(['wipe-lun', 'killed', 'cut-over']));
  expect(reached(named('wipe-lun.sh'))).not.toContain('copy');
  expect(reached(named('target-nfs.sh'))).toEqual(expect.arrayContaining(['copy', 'final-copy', 'cut-over']));
  expect(reached(named('cut-over.ts'))).toEqual(expect.arrayContaining(['cut-over', 'without machines: moves']));
  expect(reached(named('cut-over.ts'))).not.toContain('isolation');
});

test('every library file that a test uses is known, and every script is used', () => {
  const closures = new Set(units.flatMap(({ files }) => files.flatMap((file) => [...graph.closure(file)])));
  const scripts = sourceFiles(root, 'lib').filter((file) => file.endsWith('.sh'));
  expect(scripts.filter((file) => !closures.has(file))).toEqual([]);
});

test('if the change is unknown, everything is affected', () => {
  const found = reachedBy({ base: 'no older commit' }, units, graph);
  expect([...found.keys()]).toEqual(units);
  expect([...found.values()]).toContain('no older commit');
});
