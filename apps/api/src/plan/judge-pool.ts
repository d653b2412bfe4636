import { availableParallelism } from 'node:os'
import type { CapacityAnswers, CapacityKind, CapacityQuestions } from '../capacity/question.ts'
import { cancellable } from '../cancellable.ts'
import { ApiError } from '../errors.ts'
import type { MachineView } from '../machine/schema.ts'
import { startThreads } from '../threads.ts'
import type { JointQuestion } from './judge-together.ts'
import type { Question } from './judge.ts'
import type { PlanResult } from './schema.ts'
import type { SolveQuestion } from './solve.ts'
import type { SolveResult } from './solve-schema.ts'
import type { TogetherResult } from './together-schema.ts'
import type { Asked, Job, Result } from './worker.ts'

/** Judges machines; the answers are in no particular order. */
type Judge<Asking, Answer> = (
  question: Asking,
  machines: readonly MachineView[],
  signal?: AbortSignal,
) => Promise<readonly Answer[]>

type CapacityJudge<Kind extends CapacityKind> = Judge<CapacityQuestions[Kind], CapacityAnswers[Kind]>

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
  readonly capacity: { readonly [Kind in CapacityKind]: CapacityJudge<Kind> }
  readonly close: () => Promise<void>
}

/** One core stays for requests; more threads than four would only wait for memory. */
const THREADS = Math.max(1, Math.min(4, availableParallelism() - 1))
const LIMIT_MS = 60_000
const QUEUE = 64
const TOO_MUCH = {
  memory: 'Judging took more memory than there is for it.',
  time: (seconds: number) => `Judging took longer than ${seconds} s. Name fewer machines.`,
}

/** Threads that judge machines, made when they are first needed and kept. A question is spread over those that are free. */
export function createJudgePool(options: PoolOptions): JudgePool {
  const { script, threads = THREADS, limitMs = LIMIT_MS, queue = QUEUE } = options
  const { run, waiting, close } = startThreads<Job, readonly Result[]>({ script, threads, tooMuch: TOO_MUCH })
  const ask: Judge<Asked, Result> = async (asked, machines, signal) => {
    if (waiting() >= queue) {
      throw new ApiError('busy', 'Too many plans are being judged.', { retryAfterSeconds: 5 })
    }
    return cancellable(signal, async (cancelled) => {
      const parts = Array.from({ length: Math.min(threads, machines.length) }, (_, part) =>
        run(
          { asked, machines: machines.filter((_machine, index) => index % threads === part), cancelled },
          { limitMs },
        ),
      )
      return (await Promise.all(parts)).flat()
    })
  }
  const inCapacity =
    <Kind extends CapacityKind>(): CapacityJudge<Kind> =>
    async (question, ...rest) =>
      (await ask({ kind: 'capacity', question }, ...rest)) as readonly CapacityAnswers[Kind][]
  // A thread answers with what its question is answered by.
  return {
    judge: async (question, ...rest) => (await ask({ kind: 'plan', question }, ...rest)) as readonly PlanResult[],
    judgeTogether: async (question, ...rest) =>
      (await ask({ kind: 'together', question }, ...rest)) as readonly TogetherResult[],
    solve: async (question, ...rest) => (await ask({ kind: 'solve', question }, ...rest)) as readonly SolveResult[],
    capacity: { largest: inCapacity(), hosts: inCapacity(), 'what-if': inCapacity(), upgrades: inCapacity() },
    close,
  }
}
