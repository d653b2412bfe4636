import { defineConfig } from 'vitest/config'

/** The tests run the built program as a child: what they see is what a shell sees. */
export default defineConfig({
  test: { include: ['**/*.test.ts'], globalSetup: ['test/build.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
})
