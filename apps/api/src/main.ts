import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DatabaseStartError } from './db/start-error.ts'
import { childEnvironment, readSettings, type Settings, SettingsError } from './env.ts'
import { createLogger } from './log.ts'
import { start, StartError } from './start.ts'
import { VERSION } from './version.ts'

/** Beside the bundle, where `build.mjs` puts them. */
const besideBundle = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const BUILT_WEB_SERVER = '../../web/.next/standalone/apps/web/server.js'

/** Known mistakes get one line; anything else is a bug and keeps its stack. */
function fail(error: unknown): never {
  const expected = error instanceof SettingsError || error instanceof DatabaseStartError || error instanceof StartError
  const text = expected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`berth: ${text}\n`)
  process.exit(1)
}

function webScriptOf({ webServer }: Settings): string | undefined {
  if (webServer !== undefined && !existsSync(webServer)) {
    throw new SettingsError(`BERTH_WEB_SERVER names no file: ${webServer}`)
  }
  const built = besideBundle(BUILT_WEB_SERVER)
  return webServer ?? (existsSync(built) ? built : undefined)
}

async function main(): Promise<void> {
  const settings = readSettings(process.env)
  const log = createLogger(settings.logLevel)
  const webScript = webScriptOf(settings)
  if (webScript === undefined && settings.webUrl === undefined) {
    log.warn('no web app was found; the API is served alone')
  }
  const running = await start({
    settings,
    log,
    migrationsDir: besideBundle('./migrations'),
    planWorker: besideBundle('./plan-worker.mjs'),
    packingWorker: besideBundle('./packing-worker.mjs'),
    matrixWorker: besideBundle('./matrix-worker.mjs'),
    collectorScript: readFileSync(besideBundle('./collect.sh'), 'utf8'),
    webScript,
    childEnvironment: childEnvironment(process.env),
    onWebExit: (reason) => {
      log.fatal(reason)
      process.exit(1)
    },
  })
  log.info({ version: VERSION, host: settings.host, port: running.port }, 'ready')
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    // A second signal means now.
    if (stopping) process.exit(1)
    stopping = true
    log.info({ signal }, 'stopping')
    const late = setTimeout(
      () => {
        log.error(`requests were still running after ${settings.stopSeconds} s`)
        process.exit(1)
      },
      (settings.drainSeconds + settings.stopSeconds) * 1000,
    )
    late.unref()
    running.stop().then(() => process.exit(0), fail)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

main().catch(fail)
