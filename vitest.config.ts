import { defineConfig } from 'vitest/config';

const large = process.env.ETL_TEST === 'full' || process.env.ETL_RUNS !== undefined;

// biome-ignore lint/style/noDefaultExport: vitest asks for it
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // vitest would leave one of two cores idle.
    maxWorkers: '100%',
    setupFiles: ['test/support/seed.ts'],
    reporters: ['default', './test/support/reporter.ts'],
    testTimeout: large ? 1_200_000 : 60_000,
    hookTimeout: 120_000,
  },
});
