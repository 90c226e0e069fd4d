import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const large = process.env.ETL_TEST === 'full' || process.env.ETL_RUNS !== undefined;

// biome-ignore lint/style/noDefaultExport: vitest asks for it
export default defineConfig({
  // Installed beside the servers of the tests, for it is large.
  resolve: { alias: { chdb: resolve('test/servers/node_modules/chdb/index.js') } },
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
