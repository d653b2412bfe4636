import { availableParallelism } from 'node:os'
import { ApiError } from '../errors.ts'
import { startThreads } from '../threads.ts'
import type { ReplicasAnswer, ReplicasQuestion } from './answer-replicas.ts'
import type { PackingAnswer, PackingQuestion } from './answer.ts'
import { MAX_SECONDS } from './schema.ts'
import type { Job, Result } from './worker.ts'

export interface PackingPoolOptions {
  /** The worker's bundle. */
  readonly script: string
  readonly threads?: number
  /** Beside the seconds that a solver is given: what planning may take. */
  readonly planningMs?: number
  readonly queue?: number
}

export interface PackingPool {
  readonly pack: (question: PackingQuestion, signal?: AbortSignal) => Promise<PackingAnswer>
  readonly countReplicas: (question: ReplicasQuestion, signal?: AbortSignal) => Promise<ReplicasAnswer>
  readonly close: () => Promise<void>
}

/** A solver uses a core for as long as it is given: judging and requests keep theirs. */
const THREADS = Math.max(1, Math.min(2, availableParallelism() - 1))
const PLANNING_MS = 60_000
/** Each may take a minute. */
const QUEUE = 8

/** Threads that packings are worked out in. One whose client goes away is ended, for a solver listens to nobody. */
export function createPackingPool({ script, ...options }: PackingPoolOptions): PackingPool {
  const { threads = THREADS, planningMs = PLANNING_MS, queue = QUEUE } = options
  const tooMuch = {
    memory: 'Packing took more memory than there is for it. Name fewer machines.',
    time: (seconds: number) => `Packing took longer than ${seconds} s. Name fewer machines or models.`,
  }
  const { run, waiting, close } = startThreads<Job, Result>({ script, threads, tooMuch })
  const ask = (job: Job, signal: AbortSignal | undefined): Promise<Result> => {
    if (waiting() >= queue) {
      throw new ApiError('busy', 'Too many packings are being worked out.', { retryAfterSeconds: 10 })
    }
    const seconds = job.question.seconds ?? 0
    return run(job, { signal, limitMs: planningMs + Math.min(seconds, MAX_SECONDS) * 1000 })
  }
  // A thread answers with what its question is answered by.
  return {
    pack: async (question, signal) => (await ask({ kind: 'packing', question }, signal)) as PackingAnswer,
    countReplicas: async (question, signal) => (await ask({ kind: 'replicas', question }, signal)) as ReplicasAnswer,
    close,
  }
}
