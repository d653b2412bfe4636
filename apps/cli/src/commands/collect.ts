import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { Failure } from '../failure.ts'

const help = `
Runs the collector script of Berth by this machine's sh. It only reads, needs no root, and leaves out serial numbers,
processes and their users, and MAC and IP addresses before anything is printed or sent.

Examples:
  berth collect > lab-1.json            look at it, then paste it, or: berth import lab-1.json
  berth collect --url https://berth.example --token-file ~/.berth-token --every 300
  berth collect --print-script > berth-collect.sh    for a machine without Node

The URL and the token may come from BERTH_URL and BERTH_TOKEN. Exit codes: 0 done, 1 wrong options or refused by
Berth, 2 nothing could be posted.`

interface CollectOptions {
  readonly host?: string
  readonly url?: string
  readonly tokenFile?: string
  readonly every?: string
  readonly once?: true
  readonly toolSeconds?: string
  readonly insecureHttp?: true
  readonly printTimer?: true
  readonly printScript?: true
}

/** Copied beside the bundle by the build. */
const script = fileURLToPath(new URL('collect.sh', import.meta.url))

/** `berth collect`: this machine's tools, as JSON that `berth import` and the server read. */
export function addCollect(program: Command): void {
  program
    .command('collect')
    .description('gather what this machine’s tools print, and print it as JSON or report it to a server')
    .option('--host <name>', 'name of the machine, where its own is not wanted')
    .option('--url <url>', 'report to this Berth instead of printing')
    .option('--token-file <file>', 'file that holds a registration token, or - for standard input')
    .option('--every <seconds>', 'report again and again')
    .option('--once', 'with --every: report once, because a timer runs this so often')
    .option('--tool-seconds <seconds>', 'how long each tool may take (20)')
    .option('--insecure-http', 'send the token over plain http to a host that is not this one')
    .option('--print-timer', 'print a systemd service and timer that do the same')
    .option('--print-script', 'print the script itself')
    .addHelpText('after', help)
    .action(collect)
}

async function collect({ printScript, ...options }: CollectOptions): Promise<void> {
  if (printScript) await pipeline(createReadStream(script), process.stdout, { end: false })
  else process.exitCode = await run(argumentsOf(options))
}

/** The script checks every value itself, for those who run it without Node. */
const argumentsOf = (options: Omit<CollectOptions, 'printScript'>): readonly string[] =>
  Object.entries(options).flatMap(([name, value]: [string, string | true]) => {
    const option = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    return value === true ? [option] : [option, value]
  })

/** Runs the script to its end and gives its exit code; what stops this program stops it too. */
function run(options: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', [script, ...options], { stdio: 'inherit' })
    const stop = (signal: NodeJS.Signals) => void child.kill(signal)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop)
    child.once('error', (error: NodeJS.ErrnoException) => {
      const missing = 'collect: there is no sh here. On Windows, save what nvidia-smi -q -x prints, and import that'
      reject(error.code === 'ENOENT' ? new Failure(missing) : error)
    })
    child.once('close', (code) => resolve(code ?? 1))
  })
}
