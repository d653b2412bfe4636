import { engines, explainModelMemory, type Model } from '@berth/core'
import type { MemoryRequest } from './memory-inputs.ts'

/** The figures, or the engine's reasons to refuse: the same on the server, which answers first, and in the browser. */
export const memoryAnswer = (model: Model, request: MemoryRequest) =>
  explainModelMemory({ model, engine: engines['llama.cpp'], ...request })

export type MemoryAnswer = ReturnType<typeof memoryAnswer>
