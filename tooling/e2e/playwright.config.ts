import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'
import { scene } from './src/scene.ts'

/** Debian's Chromium, or the one named; otherwise Playwright's own. */
const chromium = process.env['CHROMIUM_PATH'] ?? (existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined)

export default defineConfig({
  testDir: 'src',
  outputDir: 'test-results',
  // One server and one database: the story's steps see each other's work on purpose.
  workers: 1,
  fullyParallel: false,
  // The journey begins in an empty lab, and leaves what other stories look at.
  projects: [
    { name: 'journey', testMatch: 'journey.spec.ts' },
    { name: 'stories', testIgnore: 'journey.spec.ts', dependencies: ['journey'] },
  ],
  timeout: 90_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL: scene.origin,
    // A trace of every test would cost a third of the time.
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
    },
  },
  webServer: {
    command: 'node ../../apps/api/dist/main.mjs',
    url: `${scene.origin}/readyz`,
    timeout: 60_000,
    env: { PORT: String(scene.port), BERTH_DATA_DIR: scene.dataFolder, BERTH_MODEL_DIRS: scene.modelFolder },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
  },
})
