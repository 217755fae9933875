import { defineConfig } from 'vitest/config';
import { alias } from './vitest.config.mts';

/** Lab tests drive real servers: one file after the other, and no retry. */
export default defineConfig({
  resolve: { alias },
  test: {
    include: ['lab/test/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
