import { defineConfig } from 'vitest/config';
import { alias } from './vitest.config.mts';

/** Lab tests drive real servers: one file after the other, and no retry. */
export default defineConfig({
  resolve: { alias },
  test: {
    include: ['lab/test/**/*.test.ts'],
    fileParallelism: false,
    // A busy machine with two cores takes three times as long as an idle one.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
