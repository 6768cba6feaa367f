import { defineConfig } from 'vitest/config';
import { compileCacheDir } from './scripts/build-state.ts';
import { LongestFirst } from './tests/support/sequencer.ts';

/** One PostgreSQL for the run (global-setup), one database per test file (tests/support/database.ts), two processes. */
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // A module is loaded and compiled once per process, not once per file, which halves the run: nothing of the product lives in a
    // global, and a test that replaces one (spies, the environment) puts it back (docs/adr/0039).
    isolate: false,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    passWithNoTests: false,
    allowOnly: false,
    // Browsers on a shared build machine stall now and then; at a desk a test that fails once is a test to mend.
    retry: process.env['CI'] ? 1 : 0,
    restoreMocks: true,
    // Processes that tests start load their code as those of `npm start` do.
    env: { NODE_ENV: 'test', TZ: 'UTC', NODE_COMPILE_CACHE: compileCacheDir },
    reporters: [['default', { summary: false }], './tests/support/reporter.ts'],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/main.ts'],
      reporter: ['text-summary', 'json-summary', 'html'],
      reportsDirectory: 'coverage',
      // A failing test does not make what was measured less true.
      reportOnFailure: true,
    },
  },
});
