import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { sampleLab } from '@berth/catalogue'
import { tokens } from '@berth/core'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { headerOf } from '../../test/model-file.ts'
import { testServer } from '../../test/server.ts'
import { createJudgePool, type JudgePool, type PoolOptions } from './judge-pool.ts'
import { requestSchema } from './verdict-schema.ts'

const script = join(inject('bundle'), 'plan-worker.mjs')
const lab = sampleLab().map((machine) => ({
  ...machine,
  ...{ sample: true, revision: 1, createdAt: '', updatedAt: '', maintenance: null, missingDevices: [] },
  ...{ site: null, owner: null, labels: {}, readAt: null, reportSeconds: null, stale: null, overrides: [] },
}))
const question = (id: string, contextLength = 8192) => ({
  header: headerOf(id),
  source: { kind: 'path', path: 'x.gguf' } as const,
  engine: 'llama.cpp' as const,
  request: { ...requestSchema.parse({}), contextLength: tokens(contextLength) },
})
const small = question('qwen3-0.6b')
/** Takes seconds where it does not fit. */
const large = question('deepseek-v3-671b')

let pool: JudgePool | undefined
const open = (options: Partial<PoolOptions> = {}) => (pool = createJudgePool({ script, ...options }))
afterEach(() => pool?.close())

/** A worker that does what the test says instead of judging. */
async function worker(code: string): Promise<string> {
  const path = join(tmpdir(), `berth-worker-${process.pid}-${Math.random()}.mjs`)
  await writeFile(path, `import { parentPort } from 'node:worker_threads'\n${code}`)
  return path
}

describe('the threads that judge', () => {
  it('answer for every machine once, whatever their number', async () => {
    for (const threads of [1, 3, 8]) {
      const results = await open({ threads }).judge(small, lab)
      expect(results.map(({ machine }) => machine.id).toSorted((a, b) => a.localeCompare(b))).toEqual(
        lab.map(({ id }) => id).toSorted((a, b) => a.localeCompare(b)),
      )
      expect(await pool?.judge(small, [])).toEqual([])
      await pool?.close()
    }
  })

  it('leave the server free to answer others', async () => {
    const berth = await testServer()
    await berth.call('POST', '/api/v1/sample-lab')
    const model = { kind: 'catalogue', id: 'deepseek-v3-671b', mix: 'Q4_K_M' }
    const judging = { done: false, began: performance.now() }
    const answer = berth.call('POST', '/api/v1/plans/evaluate', { model, engine: 'llama.cpp', request: {} })
    void answer.finally(() => (judging.done = true))
    let longest = 0
    // What precedes the threads, the header of the catalogue above all, is done by then.
    await setTimeout(500)
    while (!judging.done) {
      const began = performance.now()
      await setTimeout(5)
      await berth.call('GET', '/healthz')
      longest = Math.max(longest, performance.now() - began)
    }
    expect((await answer).status).toBe(200)
    expect(performance.now() - judging.began).toBeGreaterThan(longest * 2)
    expect(longest).toBeLessThan(1000)
    await berth.close()
  })

  it('stop after the machine they are at when nobody waits any more', async () => {
    open({ threads: 1 })
    const controller = new AbortController()
    const judging = pool!.judge(large, [...lab, ...lab, ...lab, ...lab, ...lab], controller.signal)
    await setTimeout(50)
    controller.abort()
    await expect(judging).rejects.toMatchObject({ code: 'aborted' })
    await expect(pool!.judge(small, lab)).resolves.toHaveLength(lab.length)
  })

  it('place several models at once, and stop when nobody waits any more', async () => {
    open({ threads: 1 })
    const { header, source, request } = small
    const models = Array.from({ length: 3 }, () => ({ header, source, request }))
    const asked = { engine: 'llama.cpp' as const, models }
    const results = await pool!.judgeTogether(asked, lab)
    expect(results.map(({ machine }) => machine.id)).toEqual(lab.map(({ id }) => id))
    const controller = new AbortController()
    const judging = pool!.judgeTogether(asked, [...lab, ...lab, ...lab, ...lab, ...lab], controller.signal)
    await setTimeout(50)
    controller.abort()
    await expect(judging).rejects.toMatchObject({ code: 'aborted' })
    await expect(pool!.judge(small, lab)).resolves.toHaveLength(lab.length)
  })

  it('are given up when they take too long, and replaced', async () => {
    open({ threads: 1, limitMs: 20 })
    await expect(pool!.judge(large, lab)).rejects.toMatchObject({ code: 'too-slow' })
    const patient = open({ threads: 1 })
    await expect(patient.judge(small, lab)).resolves.toHaveLength(lab.length)
  })

  it('are replaced when they die', async () => {
    const dies = await worker(`parentPort.on('message', () => process.exit(7))`)
    open({ script: dies, threads: 1 })
    await expect(pool!.judge(small, lab)).rejects.toMatchObject({ code: 'too-slow' })
    await expect(pool!.judge(small, lab)).rejects.toMatchObject({ code: 'too-slow' })
  })

  it('say what went wrong in them to the log alone', async () => {
    const throws = await worker(
      `parentPort.on('message', () => parentPort.postMessage({ ok: false, message: 'secret' }))`,
    )
    const berth = await testServer({ pool: { script: throws } })
    await berth.call('POST', '/api/v1/sample-lab')
    const model = { kind: 'catalogue', id: 'qwen3-0.6b', mix: 'Q4_K_M' }
    const answer = await berth.call('POST', '/api/v1/plans/evaluate', { model, engine: 'llama.cpp', request: {} })
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect(JSON.stringify(answer.body)).not.toContain('secret')
    await berth.close()
  })

  it('refuse more than they can do, rather than let it wait', async () => {
    open({ threads: 1, queue: 2 })
    const first = lab.slice(0, 1)
    const judging = [pool!.judge(small, first), pool!.judge(small, first), pool!.judge(small, first)]
    await expect(pool!.judge(small, first)).rejects.toMatchObject({ code: 'busy', status: 503 })
    await expect(Promise.all(judging)).resolves.toHaveLength(3)
  })

  it('let go of what waits when the server stops', async () => {
    open({ threads: 1 })
    const judging = [pool!.judge(large, lab), pool!.judge(large, lab)].map((one) =>
      one.catch((error: unknown) => error),
    )
    await setTimeout(20)
    await pool!.close()
    for (const error of await Promise.all(judging)) expect(error).toBeInstanceOf(Error)
  })
})
