import { homedir } from 'node:os'
import { delimiter, resolve } from 'node:path'
import { z } from 'zod'
import { type Scenario, scenarios } from './seed/scenarios.ts'

/** `host`, `host:port` or `*.host`; an IPv6 address in brackets. */
const HOST = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

const HOST_OR_ANY = new RegExp(`^\\*$|${HOST.source}`, 'i')

const port = z.coerce.number('must be a number').int().min(0).max(65_535)
const count = z.coerce.number('must be a number').int().min(0)
const text = z.string().min(1)

const list = (separator: string) =>
  z
    .string()
    .transform((value) => value.split(separator).map((part) => part.trim()))
    .pipe(z.array(z.string()).transform((parts) => parts.filter((part) => part !== '')))

const hosts = (pattern: RegExp) =>
  list(',').pipe(
    z.array(z.string().regex(pattern, 'must be host or host:port, several separated by commas').toLowerCase()),
  )

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' })

const environment = z.object({
  PORT: port.default(3000),
  HOST: text.default('127.0.0.1'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(?:ql)?:\/\//, 'must begin with postgresql://')
    .refine((value) => URL.canParse(value), 'is not a URL; percent-encode what is special in the password')
    .optional(),
  BERTH_DATABASE_POOL: count.min(1).max(200).default(10),
  BERTH_DATA_DIR: text.default('data'),
  BERTH_MODEL_DIRS: list(delimiter).optional(),
  BERTH_ALLOW_HOSTS: hosts(HOST_OR_ANY).default([]),
  BERTH_PUBLIC_HOSTS: hosts(HOST).default([]),
  BERTH_TRUST_PROXY: list(',').optional(),
  BERTH_RATE_LIMIT: count.default(3000),
  BERTH_IMPORT_RATE_LIMIT: count.default(120),
  // One token for a site of 600 machines that report every minute.
  BERTH_REPORT_RATE_LIMIT: count.default(600),
  BERTH_WEB_SERVER: text.optional(),
  BERTH_WEB_URL: httpUrl.optional(),
  BERTH_DRAIN_SECONDS: count.max(600).default(0),
  BERTH_SEED: z.enum(Object.keys(scenarios) as Scenario[]).optional(),
  BERTH_STOP_SECONDS: count.max(600).default(30),
  HF_ENDPOINT: httpUrl.default('https://huggingface.co'),
  HF_TOKEN: text.optional(),
})

/** What the server is told by its environment, checked. */
export interface Settings {
  readonly port: number
  readonly host: string
  readonly logLevel: z.output<typeof environment>['LOG_LEVEL']
  readonly databaseUrl: string | undefined
  readonly databasePool: number
  readonly dataDir: string
  /** Folders below which models may be read from this machine's disk. */
  readonly modelDirs: readonly string[]
  /** Hosts beyond Hugging Face's that models may be fetched from, private ones and http included. */
  readonly allowHosts: readonly string[]
  /** Names this server answers to, beyond loopback's. */
  readonly publicHosts: readonly string[]
  /** Addresses of proxies whose `X-Forwarded-*` headers are believed. */
  readonly trustProxy: readonly string[]
  /** Requests a minute and client; 0 for no limit. */
  readonly rateLimit: number
  readonly importRateLimit: number
  /** Reports a minute and registration token. */
  readonly reportRateLimit: number
  /** The standalone Next server to start, or one that runs already; neither serves the API alone. */
  readonly webServer: string | undefined
  readonly webUrl: string | undefined
  /** A scenario to begin with, where nothing is stored yet; for trying out and for tests. */
  readonly seed: Scenario | undefined
  /** Seconds that /readyz says no before connections are refused, for a load balancer to notice. */
  readonly drainSeconds: number
  /** Seconds that requests under way may take to finish. */
  readonly stopSeconds: number
  readonly hfEndpoint: string
  readonly hfToken: string | undefined
}

/** Names every variable that is wrong and what it should be; values are left out, since some are secret. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/**
 * Reads the settings. An empty variable counts as unset, as compose files and systemd units write them.
 *
 * @throws {SettingsError}
 */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''))
  const result = environment.safeParse(set)
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => `${path[0]?.toString() ?? ''} ${message}`)
    throw new SettingsError(faults.join('; '))
  }
  const env = result.data
  return {
    port: env.PORT,
    host: env.HOST,
    logLevel: env.LOG_LEVEL,
    databaseUrl: env.DATABASE_URL,
    databasePool: env.BERTH_DATABASE_POOL,
    dataDir: resolve(env.BERTH_DATA_DIR),
    modelDirs: (env.BERTH_MODEL_DIRS ?? [homedir(), process.cwd()]).map((folder) => resolve(folder)),
    allowHosts: env.BERTH_ALLOW_HOSTS,
    publicHosts: env.BERTH_PUBLIC_HOSTS,
    trustProxy: env.BERTH_TRUST_PROXY ?? [],
    rateLimit: env.BERTH_RATE_LIMIT,
    importRateLimit: env.BERTH_IMPORT_RATE_LIMIT,
    reportRateLimit: env.BERTH_REPORT_RATE_LIMIT,
    webServer: env.BERTH_WEB_SERVER,
    webUrl: env.BERTH_WEB_URL,
    seed: env.BERTH_SEED,
    drainSeconds: env.BERTH_DRAIN_SECONDS,
    stopSeconds: env.BERTH_STOP_SECONDS,
    hfEndpoint: env.HF_ENDPOINT,
    hfToken: env.HF_TOKEN,
  }
}

/** What a child process may know: everything but the secrets, which are this process's own. */
export function childEnvironment(variables: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  const { DATABASE_URL: _database, HF_TOKEN: _token, ...rest } = variables
  return rest
}
