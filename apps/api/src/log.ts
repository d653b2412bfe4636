import { type Logger, pino } from 'pino'

/** Never written, wherever they occur; bodies are not logged at all. */
const SECRETS = [
  'req.headers.authorization',
  'req.headers.cookie',
  'res.headers["set-cookie"]',
  '*.token',
  '*.password',
  '*.databaseUrl',
  '*.hfToken',
]

/** pino: one JSON object a line on stdout. A person's terminal is left to what matters. */
export const createLogger = (level: string | undefined): Logger =>
  pino({
    level: level ?? (process.stdout.isTTY ? 'warn' : 'info'),
    redact: { paths: SECRETS, censor: '[redacted]' },
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { req: requestLine, res: answerLine, err: pino.stdSerializers.err },
  })

interface RequestLike {
  readonly method: string
  readonly url: string
  readonly ip: string
}

/** The query is left out: it may hold more than a log should. */
const requestLine = ({ method, url, ip }: RequestLike) => ({ method, path: url.split('?', 1)[0], ip })
const answerLine = ({ statusCode }: { readonly statusCode: number }) => ({ statusCode })
