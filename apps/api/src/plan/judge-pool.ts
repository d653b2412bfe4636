import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { ApiError } from '../errors.ts'
import type { MachineView } from '../machine/schema.ts'
import type { JointQuestion } from './judge-together.ts'
import type { Question } from './judge.ts'
import type { PlanResult } from './schema.ts'
import type { SolveQuestion } from './solve.ts'
import type { SolveResult } from './solve-schema.ts'
import type { TogetherResult } from './together-schema.ts'
import type { Asked, Job, Outcome, Result } from './worker.ts'

/** Judges machines; the answers are in no particular order. */
type Judge<Asking, Answer> = (
  question: Asking,
  machines: readonly MachineView[],
  signal?: AbortSignal,
) => Promise<readonly Answer[]>

export interface PoolOptions {
  /** The worker's bundle. */
  readonly script: string
  readonly threads?: number
  /** Before a thread is given up with what it does. */
  readonly limitMs?: number
  /** Jobs that may wait for a thread. */
  readonly queue?: number
}

export interface JudgePool {
  readonly judge: Judge<Question, PlanResult>
  readonly judgeTogether: Judge<JointQuestion, TogetherResult>
  readonly solve: Judge<SolveQuestion, SolveResult>
  readonly close: () => Promise<void>
}

/** One core stays for requests; more threads than four would only wait for memory. */
const THREADS = Math.max(1, Math.min(4, availableParallelism() - 1))
const LIMIT_MS = 60_000
const QUEUE = 64
/** A thread that needs more is ended instead of the process. */
const THREAD_MEMORY_MB = 1024

/** Threads that judge machines, made when they are first needed and kept. A question is spread over those that are free. */
export function createJudgePool(options: PoolOptions): JudgePool {
  const { script, threads = THREADS, limitMs = LIMIT_MS, queue = QUEUE } = options
  const { run, waiting, close } = startThreads({ script, threads, limitMs })
  const ask: Judge<Asked, Result> = async (asked, machines, signal) => {
    if (waiting() >= queue) {
      throw new ApiError('busy', 'Too many plans are being judged.', { retryAfterSeconds: 5 })
    }
    const cancelled = new Int32Array(new SharedArrayBuffer(4))
    const cancel = () => void Atomics.store(cancelled, 0, 1)
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      const parts = Array.from({ length: Math.min(threads, machines.length) }, (_, part) =>
        run({ asked, machines: machines.filter((_machine, index) => index % threads === part), cancelled }),
      )
      const results = await Promise.all(parts)
      if (signal?.aborted === true) throw new ApiError('aborted', 'The client went away.')
      return results.flat()
    } catch (error) {
      // The other parts are for nobody now.
      cancel()
      throw error
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }
  // A thread answers with what its question is answered by.
  return {
    judge: async (question, ...rest) => (await ask({ kind: 'plan', question }, ...rest)) as readonly PlanResult[],
    judgeTogether: async (question, ...rest) =>
      (await ask({ kind: 'together', question }, ...rest)) as readonly TogetherResult[],
    solve: async (question, ...rest) => (await ask({ kind: 'solve', question }, ...rest)) as readonly SolveResult[],
    close,
  }
}

interface Task {
  readonly job: Job
  readonly resolve: (results: readonly Result[]) => void
  readonly reject: (error: Error) => void
}

/** So many threads at most, each at one job; other jobs wait in order. */
function startThreads({ script, threads, limitMs }: Required<Omit<PoolOptions, 'queue'>>) {
  const tasks: Task[] = []
  const idle: Worker[] = []
  const all = new Set<Worker>()
  const state = { closed: false }

  const next = (): void => {
    while (!state.closed && tasks.length > 0 && (idle.length > 0 || all.size < threads)) {
      const worker = idle.pop() ?? spawn()
      const task = tasks.shift()
      if (task !== undefined) void work(worker, task)
    }
  }

  const spawn = (): Worker => {
    const worker = new Worker(script, { resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MB } })
    all.add(worker)
    // A thread that waits keeps no process alive, and one that dies while it waits is only replaced.
    worker.unref()
    worker.on('error', () => undefined)
    worker.once('exit', () => {
      all.delete(worker)
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1)
      next()
    })
    return worker
  }

  const work = async (worker: Worker, { job, resolve, reject }: Task): Promise<void> => {
    try {
      const outcome = await outcomeOf(worker, job, limitMs)
      if (outcome.ok) resolve(outcome.results)
      else reject(new Error(outcome.message))
      idle.push(worker)
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error)))
      await worker.terminate()
    }
    next()
  }

  return {
    waiting: () => tasks.length,
    run: (job: Job): Promise<readonly Result[]> =>
      new Promise((resolve, reject) => {
        tasks.push({ job, resolve, reject })
        next()
      }),
    close: async (): Promise<void> => {
      state.closed = true
      for (const { reject } of tasks.splice(0)) reject(new ApiError('not-ready', 'The server is stopping.'))
      await Promise.all([...all].map((worker) => worker.terminate()))
    },
  }
}

function outcomeOf(worker: Worker, job: Job, limitMs: number): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void) => {
      clearTimeout(timer)
      worker.off('message', onMessage).off('exit', onExit)
      worker.unref()
      settled()
    }
    const onMessage = (outcome: Outcome) => settle(() => resolve(outcome))
    const onExit = () =>
      settle(() => reject(new ApiError('too-slow', 'Judging took more memory than there is for it.')))
    const timer = setTimeout(() => {
      const message = `Judging took longer than ${limitMs / 1000} s. Name fewer machines.`
      settle(() => reject(new ApiError('too-slow', message, { data: { limitMs } })))
    }, limitMs)
    worker.ref()
    worker.on('message', onMessage).once('exit', onExit)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage(job)
  })
}
