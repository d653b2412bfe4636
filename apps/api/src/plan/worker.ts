import { parentPort } from 'node:worker_threads'
import type { MachineView } from '../machine/schema.ts'
import type { Outcome } from '../threads.ts'
import { answerCapacity } from '../capacity/answer.ts'
import type { CapacityQuestion, CapacityResult } from '../capacity/question.ts'
import { judgeTogetherEach, type JointQuestion } from './judge-together.ts'
import { judgeEach, type Question } from './judge.ts'
import type { PlanResult } from './schema.ts'
import { solveEach, type SolveQuestion } from './solve.ts'
import type { SolveResult } from './solve-schema.ts'
import type { TogetherResult } from './together-schema.ts'

/** One model, several at once, one with something left open, or what the lab can hold. */
export type Asked =
  | { readonly kind: 'plan'; readonly question: Question }
  | { readonly kind: 'together'; readonly question: JointQuestion }
  | { readonly kind: 'solve'; readonly question: SolveQuestion }
  | { readonly kind: 'capacity'; readonly question: CapacityQuestion }

export type Result = PlanResult | TogetherResult | SolveResult | CapacityResult

/** What a worker is sent. */
export interface Job {
  readonly asked: Asked
  readonly machines: readonly MachineView[]
  /** One number, shared: not 0 once nobody waits for the answer any more. */
  readonly cancelled: Int32Array
}

/** The entry of the threads that machines are judged in, away from the one that serves requests. */
parentPort?.on('message', ({ asked, machines, cancelled }: Job) => {
  const results: Result[] = []
  try {
    for (const result of answers(asked, machines)) {
      results.push(result)
      if (Atomics.load(cancelled, 0) !== 0) break
    }
    answer({ ok: true, results })
  } catch (error) {
    answer({ ok: false, message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
})

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const answer = (outcome: Outcome<readonly Result[]>): void => parentPort?.postMessage(outcome)

function answers(asked: Asked, machines: readonly MachineView[]): Iterable<Result> {
  switch (asked.kind) {
    case 'plan':
      return judgeEach(asked.question, machines)
    case 'together':
      return judgeTogetherEach(asked.question, machines)
    case 'solve':
      return solveEach(asked.question, machines)
    case 'capacity':
      return answerCapacity(asked.question, machines)
  }
}
