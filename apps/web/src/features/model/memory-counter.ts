import type { GgufHeader } from '@berth/core'
import type { MemoryRequest } from './memory-inputs.ts'
import type { FromCounter, ToCounter } from './memory-messages.ts'

/** A worker, as far as the counter goes. */
export interface CounterWorker {
  readonly post: (message: ToCounter) => void
  readonly close: () => void
}

export interface MemoryQuestion {
  readonly header: GgufHeader
  readonly request: MemoryRequest
  readonly onAnswer: (message: FromCounter) => void
}

export interface MemoryCounter {
  /** Asks anew. What is under way is still answered; what waited before this is dropped. */
  readonly ask: (question: MemoryQuestion) => void
  readonly close: () => void
}

/** Has one worker count, one request at a time, so that a slider leaves no queue behind: only the latest one waits. */
export function createMemoryCounter(hire: (onMessage: (message: FromCounter) => void) => CounterWorker): MemoryCounter {
  let waiting: MemoryQuestion | undefined
  let underWay: MemoryQuestion | undefined
  let briefed: GgufHeader | undefined
  let worker: CounterWorker | undefined

  const feed = (): void => {
    if (underWay || !waiting) return
    underWay = waiting
    waiting = undefined
    worker ??= hire(hear)
    if (briefed !== underWay.header) worker.post({ kind: 'model', header: underWay.header })
    briefed = underWay.header
    worker.post({ kind: 'count', request: underWay.request })
  }

  const hear = (message: FromCounter): void => {
    const answered = underWay
    underWay = undefined
    feed()
    answered?.onAnswer(message)
  }

  return {
    ask: (question) => {
      waiting = question
      feed()
    },
    close: () => {
      waiting = undefined
      underWay = undefined
      worker?.close()
      worker = undefined
      briefed = undefined
    },
  }
}
