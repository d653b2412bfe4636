import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { root } from './paths.mjs'

const windows = process.platform === 'win32'
const binFolder = join(root, 'node_modules', '.bin')

/** Turbo starts each task through pnpm, which a machine with only Node and npm has nowhere but here. */
const environment = {
  ...process.env,
  PATH: `${binFolder}${delimiter}${process.env.PATH ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
  NEXT_TELEMETRY_DISABLED: '1',
}

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** More than a failing step can usefully say; the tail is what is kept. */
const OUTPUT_LIMIT = 4_000_000

/**
 * Runs a program to its end. Resolves with `{ code, output, timedOut }`; rejects only if it cannot be started.
 * `onLine` sees each line as it comes; `inherit` leaves the terminal to the program; `timeoutSeconds` ends it.
 */
export function run(program, args, { cwd = root, env = {}, inherit = false, onLine, timeoutSeconds } = {}) {
  return new Promise((resolveRun, rejectRun) => {
    // npx, turbo and the like are .cmd files on Windows, which only a shell can start; a shell needs spaces quoted.
    const shell = windows && program !== process.execPath
    const quote = (word) => (shell && /\s/.test(word) ? `"${word}"` : word)
    const child = spawn(quote(program), args.map(quote), {
      cwd,
      env: { ...environment, ...env },
      stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      shell,
      // A group of its own, so that a step out of time is ended with everything it started.
      detached: !windows && timeoutSeconds !== undefined,
    })
    let output = ''
    let pending = ''
    let timedOut = false
    const take = (chunk) => {
      output = (output + chunk).slice(-OUTPUT_LIMIT)
      if (onLine === undefined) return
      const lines = (pending + chunk).split(/\r?\n/)
      pending = lines.pop() ?? ''
      for (const line of lines) onLine(line)
    }
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', take)

    const stop = () => endGroup(child, timeoutSeconds !== undefined)
    const timer = timeoutSeconds && setTimeout(() => ((timedOut = true), stop()), timeoutSeconds * 1000)
    // A signal ends this process through `exit`, so that nothing it started outlives it.
    const quit = () => process.exit(130)
    process.once('exit', stop)
    for (const signal of endSignals) process.once(signal, quit)
    child.once('error', rejectRun)
    child.once('close', (code) => {
      clearTimeout(timer)
      process.off('exit', stop)
      for (const signal of endSignals) process.off(signal, quit)
      resolveRun({ code: code ?? 1, output, timedOut })
    })
  })
}

function endGroup(child, ownsGroup) {
  if (child.exitCode !== null || child.pid === undefined) return
  try {
    if (ownsGroup && !windows) process.kill(-child.pid, 'SIGKILL')
    else child.kill('SIGKILL')
  } catch {
    // Already gone.
  }
}

/** Runs a program that a package of the workspace root brought along. */
export const runTool = (name, args, options) => run(join(binFolder, windows ? `${name}.cmd` : name), args, options)
