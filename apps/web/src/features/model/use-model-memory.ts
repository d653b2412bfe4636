'use client'

import type { GgufHeader } from '@berth/core'
import { useEffect, useRef, useState } from 'react'
import type { MemoryAnswer } from './memory-answer.ts'
import { type CounterWorker, createMemoryCounter, type MemoryCounter } from './memory-counter.ts'
import { type MemoryInputs, type MemoryRequest, memoryRequestOf } from './memory-inputs.ts'
import type { FromCounter } from './memory-messages.ts'

export interface ShownMemory {
  readonly answer: MemoryAnswer
  /** False while the answer to what is asked now is being counted. */
  readonly current: boolean
  /** A bug's message; the answer shown is one from before. */
  readonly failure?: string
}

interface Known {
  readonly header: GgufHeader
  readonly key: string
  readonly answer: MemoryAnswer
  readonly failure?: string
}

const keyOf = (request: MemoryRequest): string => JSON.stringify(request)

const hire = (onMessage: (message: FromCounter) => void): CounterWorker => {
  const worker = new Worker(new URL('memory.worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<FromCounter>) => onMessage(data))
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- between a page and its worker, no window
  return { post: (message) => worker.postMessage(message), close: () => worker.terminate() }
}

/** What the server counted for the address the page was opened with. */
export interface FirstAnswer {
  readonly request: MemoryRequest
  readonly answer: MemoryAnswer
}

/** The memory of a model: the server's answer as long as it is to what is asked, then a worker's. The fields never wait. */
export function useModelMemory(header: GgufHeader, inputs: MemoryInputs, first: FirstAnswer): ShownMemory {
  const counter = useRef<MemoryCounter | undefined>(undefined)
  const [counted, setCounted] = useState<Known | undefined>()
  const key = keyOf(memoryRequestOf(inputs))
  const firstKey = keyOf(first.request)
  useEffect(() => {
    counter.current = createMemoryCounter(hire)
    return () => counter.current?.close()
  }, [])
  const known: Known =
    counted?.header === header && key !== firstKey ? counted : { header, key: firstKey, answer: first.answer }
  const current = known.key === key
  useEffect(() => {
    if (current) return
    const request = JSON.parse(key) as MemoryRequest
    counter.current?.ask({
      header,
      request,
      onAnswer: (message) =>
        setCounted((before) =>
          message.kind === 'answer'
            ? { header, key, answer: message.answer }
            : { header, key, answer: before?.answer ?? first.answer, failure: message.message },
        ),
    })
  }, [current, header, key, first])
  return { answer: known.answer, current, ...(known.failure === undefined ? {} : { failure: known.failure }) }
}
