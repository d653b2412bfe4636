import { describeModel, type Model } from '@berth/core'
import { memoryAnswer } from './memory-answer.ts'
import type { MemoryRequest } from './memory-inputs.ts'
import type { FromCounter, ToCounter } from './memory-messages.ts'

/** The part of a worker's global scope that is used; the DOM's types describe a window instead. */
interface WorkerScope {
  readonly postMessage: (message: FromCounter) => void
  readonly addEventListener: (type: 'message', listener: (event: MessageEvent<ToCounter>) => void) => void
}

const scope = globalThis as unknown as WorkerScope

let model: Model | undefined

scope.addEventListener('message', ({ data }) => {
  if (data.kind === 'model') {
    const described = describeModel(data.header)
    model = described.ok ? described.value : undefined
    return
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- between a page and its worker, no window
  scope.postMessage(count(data.request))
})

function count(request: MemoryRequest): FromCounter {
  if (!model) return { kind: 'failure', message: 'There is no model to count.' }
  try {
    return { kind: 'answer', answer: memoryAnswer(model, request) }
  } catch (error) {
    return { kind: 'failure', message: error instanceof Error ? error.message : String(error) }
  }
}
