import { Worker } from 'node:worker_threads'
import { ApiError } from './errors.ts'

/** What a thread sends back, once a job. */
export type Outcome<Results> =
  | { readonly ok: true; readonly results: Results }
  | { readonly ok: false; readonly message: string }

export interface ThreadsOptions {
  /** The bundle that each of them runs. */
  readonly script: string
  readonly threads: number
  /** What is said of a job that took too much. */
  readonly tooMuch: { readonly memory: string; readonly time: (seconds: number) => string }
}

export interface RunOptions {
  /** Before a thread is given up with what it does. */
  readonly limitMs: number
  /** Gives the thread up as well. */
  readonly signal?: AbortSignal | undefined
}

export interface Threads<Job, Results> {
  readonly run: (job: Job, options: RunOptions) => Promise<Results>
  /** Jobs that wait for a thread. */
  readonly waiting: () => number
  readonly close: () => Promise<void>
}

/** A thread that needs more is ended instead of the process. */
const THREAD_MEMORY_MB = 1024

interface Task<Job, Results> extends RunOptions {
  readonly job: Job
  readonly resolve: (results: Results) => void
  readonly reject: (error: Error) => void
}

/** So many threads at most, each at one job; other jobs wait in order. */
export function startThreads<Job, Results>({ script, threads, tooMuch }: ThreadsOptions): Threads<Job, Results> {
  const tasks: Task<Job, Results>[] = []
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

  const work = async (worker: Worker, task: Task<Job, Results>): Promise<void> => {
    try {
      const outcome = await outcomeOf<Job, Results>(worker, task, tooMuch)
      if (outcome.ok) task.resolve(outcome.results)
      else task.reject(new Error(outcome.message))
      idle.push(worker)
    } catch (error) {
      task.reject(error instanceof Error ? error : new Error(String(error)))
      await worker.terminate()
    }
    next()
  }

  return {
    waiting: () => tasks.length,
    run: (job, options) =>
      new Promise((resolve, reject) => {
        tasks.push({ job, resolve, reject, ...options })
        next()
      }),
    close: async () => {
      state.closed = true
      for (const { reject } of tasks.splice(0)) reject(new ApiError('not-ready', 'The server is stopping.'))
      await Promise.all([...all].map((worker) => worker.terminate()))
    },
  }
}

function outcomeOf<Job, Results>(
  worker: Worker,
  { job, limitMs, signal }: Task<Job, Results>,
  tooMuch: ThreadsOptions['tooMuch'],
): Promise<Outcome<Results>> {
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      worker.off('message', onMessage).off('exit', onExit)
      worker.unref()
      settled()
    }
    const onMessage = (outcome: Outcome<Results>) => settle(() => resolve(outcome))
    const onExit = () => settle(() => reject(new ApiError('too-slow', tooMuch.memory)))
    const onAbort = () => settle(() => reject(new ApiError('aborted', 'The client went away.')))
    const timer = setTimeout(() => {
      settle(() => reject(new ApiError('too-slow', tooMuch.time(limitMs / 1000), { data: { limitMs } })))
    }, limitMs)
    if (signal?.aborted === true) {
      onAbort()
      return
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    worker.ref()
    worker.on('message', onMessage).once('exit', onExit)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage(job)
  })
}
