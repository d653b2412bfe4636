import { connect } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureTask } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { root } from './paths.mjs'
import { elapsed } from './progress.mjs'

/** The first start also makes the database; a machine under load gets a minute for it. */
const READY_SECONDS = 60

/** Installs, generates and builds what changed, then becomes the server: this process is the one to stop. */
export async function start() {
  const began = performance.now()
  // Paths in the settings, `./data` first, are meant from here wherever this was called from.
  process.chdir(root)
  const port = readPort(process.env.PORT || '3000')
  if (await isTaken(port)) throw new Error(`port ${port} is in use: stop what listens there, or set PORT to another`)
  await ensureInstalled()
  await ensureTask('build')
  await serve(port, began)
}

function readPort(text) {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`PORT is "${text}"; it must be 1 to 65535`)
  return port
}

/** A server that listens everywhere listens here too. */
const host = () => (/^(0\.0\.0\.0|::|)$/.test(process.env.HOST ?? '') ? '127.0.0.1' : process.env.HOST)

/** Asks by connecting: listening to find out would need the same host and options as the server's. */
const isTaken = (port) =>
  new Promise((answer) => {
    const socket = connect({ port, host: host(), timeout: 1000 })
    const settle = (taken) => () => (socket.destroy(), answer(taken))
    socket.once('connect', settle(true)).once('error', settle(false)).once('timeout', settle(false))
  })

async function serve(port, began) {
  process.env.NODE_ENV ??= 'production'
  process.env.NEXT_TELEMETRY_DISABLED ??= '1'
  // In this process and not a child's: a Ctrl-C, a SIGTERM or a crash then reaches the server itself, once.
  await import(pathToFileURL(join(root, 'apps/api/dist/main.mjs')).href)
  await ready(port)
  console.log(
    `\n  Berth is ready on http://${host() === '127.0.0.1' ? 'localhost' : host()}:${port}   (${elapsed(began)}; Ctrl-C stops it)\n`,
  )
}

async function ready(port) {
  const deadline = performance.now() + READY_SECONDS * 1000
  while (performance.now() < deadline) {
    const answer = await fetch(`http://${host().includes(':') ? `[${host()}]` : host()}:${port}/readyz`).catch(
      () => undefined,
    )
    await answer?.body?.cancel()
    if (answer?.ok) return
    await new Promise((resume) => setTimeout(resume, 100))
  }
  throw new Error(`the server did not answer /readyz within ${READY_SECONDS} s; its log above says why`)
}
