import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests import the package by its name, as users do, and get the source. */
export const alias = {
  'lunward/migration': path.join(import.meta.dirname, 'lib/migration/index.ts'),
  'lunward/pulumi': path.join(import.meta.dirname, 'lib/pulumi/index.ts'),
  lunward: path.join(import.meta.dirname, 'lib/index.ts'),
};

/** What takes several seconds, most of it first. */
const longest = [
  'test/package/package.test.ts',
  'test/migration/use-cases/anything-fails.test.ts',
  'test/scripts/sessions.test.ts',
  'test/scripts/node/prepare-node.test.ts',
  'test/tools/ci/main.test.ts',
  'test/scripts/bash/vouch.test.ts',
  'test/docs/snippets.test.ts',
  'test/migration/use-cases/slept.test.ts',
  'test/scripts/bash/hashes.test.ts',
];

/** Vitest knows how long files take from the run before. In a fresh checkout a long one at the end would run alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex((name) => moduleId.endsWith(name));
      return found < 0 ? longest.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // To load cdk8s and the other libraries anew for each file would take longer than all that is tested with them.
    isolate: false,
    // By default one processor is left alone, which on two is half of the machine.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
  },
});
