import { defineConfig } from 'vitest/config'

/** BERTH_TEST_DB=sqlite (the default) or postgresql: the same suites on either. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.mjs', 'test/**/*.test.ts'],
    globalSetup: ['./test/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
