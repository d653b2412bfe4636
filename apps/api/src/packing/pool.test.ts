import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { createPackingPool, type PackingPool, type PackingPoolOptions } from './pool.ts'

let pool: PackingPool | undefined
afterEach(() => pool?.close())

const question = { demands: [], machines: [], policy: 'pack', seconds: 0 } as const

/** Threads that do what the test says instead of packing. */
async function open(code: string, options: Partial<PackingPoolOptions> = {}): Promise<PackingPool> {
  const script = join(tmpdir(), `berth-packing-${process.pid}-${Math.random()}.mjs`)
  await writeFile(script, `import { parentPort } from 'node:worker_threads'\n${code}`)
  return (pool = createPackingPool({ script, threads: 1, ...options }))
}

/** As a solver does: it listens to nobody. */
const BUSY = `parentPort.on('message', () => { for (;;); })`
const ANSWERS = `parentPort.on('message', (job) => parentPort.postMessage({ ok: true, results: job.kind }))`

it('answers with what a thread sends', async () => {
  expect(await (await open(ANSWERS)).pack(question)).toBe('packing')
})

it('ends a thread whose client went away, and answers the next one by another', async () => {
  const code = `parentPort.on('message', ({ question }) => {
    if (question.seconds === 1) for (;;);
    parentPort.postMessage({ ok: true, results: 'done' })
  })`
  const { pack } = await open(code)
  const client = new AbortController()
  const asked = pack({ ...question, seconds: 1 }, client.signal)
  const next = pack(question)
  setTimeout(() => client.abort(), 200)
  await expect(asked).rejects.toMatchObject({ code: 'aborted' })
  expect(await next).toBe('done')
})

it('gives up a thread that takes too long', async () => {
  const { pack } = await open(BUSY, { planningMs: 200 })
  await expect(pack(question)).rejects.toMatchObject({
    ...{ code: 'too-slow', message: 'Packing took longer than 0.2 s. Name fewer machines or models.' },
  })
})

it('takes no more than may wait', async () => {
  const { pack } = await open(BUSY, { queue: 1, planningMs: 500 })
  const asked = [pack(question), pack(question)]
  await expect(pack(question)).rejects.toMatchObject({ code: 'busy', options: { retryAfterSeconds: 10 } })
  for (const one of asked) await expect(one).rejects.toMatchObject({ code: 'too-slow' })
})
