import { type GgufHeader, requestDefaults, tokens } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { createMemoryCounter } from './memory-counter.ts'
import type { FromCounter, ToCounter } from './memory-messages.ts'

const header = (name: string): GgufHeader => ({ metadata: { name }, trimmedArrayLengths: {}, tensors: [] })
const request = (context: number) => ({
  request: { ...requestDefaults, contextLength: tokens(context) },
  capability: '8.6' as const,
})
const answer = (message: string): FromCounter => ({ kind: 'failure', message })

/** A counter whose worker answers only when told to. */
function scene() {
  const inbox: string[] = []
  const heard: string[] = []
  let reply: (message: FromCounter) => void = () => {}
  let closed = 0
  const counter = createMemoryCounter((onMessage) => {
    reply = onMessage
    const post = (message: ToCounter): void =>
      void inbox.push(
        message.kind === 'model'
          ? `model ${String(message.header.metadata['name'])}`
          : `count ${message.request.request.contextLength}`,
      )
    return { post, close: () => (closed += 1) }
  })
  const ask = (about: GgufHeader, context: number): void =>
    counter.ask({
      header: about,
      request: request(context),
      onAnswer: (message) => heard.push(`${context}: ${message.kind === 'failure' ? message.message : ''}`),
    })
  return { inbox, heard, ask, counter, reply: (text: string) => reply(answer(text)), closings: () => closed }
}

describe('createMemoryCounter', () => {
  const first = header('first')

  it('gives the model once and one request at a time', () => {
    const { inbox, heard, ask, reply } = scene()
    ask(first, 1)
    reply('a')
    ask(first, 2)
    expect(inbox).toEqual(['model first', 'count 1', 'count 2'])
    reply('b')
    expect(heard).toEqual(['1: a', '2: b'])
  })

  it('lets only the latest question wait', () => {
    const { inbox, heard, ask, reply } = scene()
    for (const context of [1, 2, 3]) ask(first, context)
    expect(inbox).toEqual(['model first', 'count 1'])
    reply('a')
    reply('c')
    expect(inbox).toEqual(['model first', 'count 1', 'count 3'])
    expect(heard).toEqual(['1: a', '3: c'])
  })

  it('gives another model before its first request', () => {
    const { inbox, ask, reply } = scene()
    ask(first, 1)
    ask(header('second'), 1)
    reply('a')
    expect(inbox).toEqual(['model first', 'count 1', 'model second', 'count 1'])
  })

  it('starts anew after it was closed, and hears nothing from before', () => {
    const { inbox, heard, ask, counter, reply, closings } = scene()
    ask(first, 1)
    counter.close()
    reply('late')
    ask(first, 2)
    expect(closings()).toBe(1)
    expect(heard).toEqual([])
    expect(inbox).toEqual(['model first', 'count 1', 'model first', 'count 2'])
  })
})
