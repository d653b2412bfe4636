import { parentPort } from 'node:worker_threads'
import type { Outcome } from '../threads.ts'
import { answerReplicas, type ReplicasAnswer, type ReplicasQuestion } from './answer-replicas.ts'
import { answerPacking, type PackingAnswer, type PackingQuestion } from './answer.ts'

/** What a worker is sent. */
export type Job =
  | { readonly kind: 'packing'; readonly question: PackingQuestion }
  | { readonly kind: 'replicas'; readonly question: ReplicasQuestion }

export type Result = PackingAnswer | ReplicasAnswer

/** The entry of the threads that packings are worked out in; one that nobody waits for is ended. */
parentPort?.on('message', (job: Job) => void answer(job))

async function answer(job: Job): Promise<void> {
  try {
    send({ ok: true, results: await resultOf(job) })
  } catch (error) {
    send({ ok: false, message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

const resultOf = (job: Job): Promise<Result> =>
  job.kind === 'packing' ? answerPacking(job.question) : answerReplicas(job.question)

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const send = (outcome: Outcome<Result>): void => parentPort?.postMessage(outcome)
