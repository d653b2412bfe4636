import type { GgufHeader } from '@berth/core'
import type { MemoryAnswer } from './memory-answer.ts'
import type { MemoryRequest } from './memory-inputs.ts'

/** What the page tells its worker: the model once, then one request at a time. */
export type ToCounter =
  | { readonly kind: 'model'; readonly header: GgufHeader }
  | { readonly kind: 'count'; readonly request: MemoryRequest }

export type FromCounter =
  | { readonly kind: 'answer'; readonly answer: MemoryAnswer }
  /** A bug, not an answer: what the engine refuses is one. */
  | { readonly kind: 'failure'; readonly message: string }
