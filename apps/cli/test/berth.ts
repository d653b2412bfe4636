import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface RunOptions {
  readonly input?: string | Buffer
  readonly env?: Readonly<Record<string, string>>
}

const program = join(import.meta.dirname, '../bin/berth.mjs')

/** Runs `berth` to its end; killed, with code null, if it has not ended after 30 s. */
export function berth(args: readonly string[], { input, env }: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      timeout: 30_000,
      killSignal: 'SIGKILL',
    })
    const texts = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => (texts[name] += chunk))
    }
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...texts }))
    // The program may end without reading all of its input.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input ?? '')
  })
}

/** A folder of this test file's own, gone when its tests are over. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'berth-cli-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return {
    path: (name: string) => join(folder, name),
    write: (name: string, content: string | Uint8Array) => {
      writeFileSync(join(folder, name), content)
      return join(folder, name)
    },
  }
}
