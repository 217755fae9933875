import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** Tests import the package by its name, as users do, and get the source. */
export const alias = {
  'lunward/migration': path.join(import.meta.dirname, 'lib/migration/index.ts'),
  'lunward/pulumi': path.join(import.meta.dirname, 'lib/pulumi/index.ts'),
  lunward: path.join(import.meta.dirname, 'lib/index.ts'),
};

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
  },
});
