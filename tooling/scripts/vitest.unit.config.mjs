import { defineConfig } from 'vitest/config'

/** Every folder with tests that need no database, server or browser; the API's suite runs once a database instead. */
export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/cli', 'apps/web', 'tooling/*', '!tooling/tsconfig', '!tooling/e2e'],
  },
})
