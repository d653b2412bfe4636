import { parentPort } from 'node:worker_threads'
import type { Outcome } from '../threads.ts'
import { answerCells, answerSurvey, type Memory } from './answer.ts'
import { knownFiles } from './known-files.ts'
import type { Job, Result } from './question.ts'

const memory: Memory = { files: knownFiles(), survey: { key: '', memo: { roles: new Map(), replays: new Map() } } }

/** The entry of the threads that files are surveyed in; what one has described, it keeps. */
parentPort?.on('message', (job: Job) => {
  try {
    send({ ok: true, results: resultOf(job) })
  } catch (error) {
    send({ ok: false, message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
})

function resultOf(job: Job): Result {
  switch (job.kind) {
    case 'lacking':
      return memory.files.lacking(job.keys)
    case 'survey':
      return untilCancelled(answerSurvey(job.question, memory), job)
    case 'cells':
      return untilCancelled(answerCells(job.question, memory), job)
  }
}

/** What nobody waits for any more is not worked out to its end. */
function untilCancelled<Item>(items: Iterable<Item>, { cancelled }: Job): readonly Item[] {
  const found: Item[] = []
  for (const item of items) {
    if (Atomics.load(cancelled, 0) !== 0) break
    found.push(item)
  }
  return found
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const send = (outcome: Outcome<Result>): void => parentPort?.postMessage(outcome)
