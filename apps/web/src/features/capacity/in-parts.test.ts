import { describe, expect, it } from 'vitest'
import { askInParts, type Asking, partsOf } from './in-parts.ts'

it.each([
  [[], 2, []],
  [[1, 2, 3], 2, [[1, 2], [3]]],
  [[1, 2], 5, [[1, 2]]],
])('%j by %i', (items, size, parts) => expect(partsOf(items, size)).toEqual(parts))

async function heard(
  parts: readonly (readonly number[])[],
  ask: (part: readonly number[], signal: AbortSignal) => Promise<readonly number[]>,
  controller = new AbortController(),
) {
  const states: Asking<number>[] = []
  await askInParts({ parts, ask }, controller.signal, (state) => states.push(state))
  return states
}

const doubled = async (part: readonly number[]) => part.map((one) => one * 2)

describe('askInParts', () => {
  it('tells what is known after each part', async () => {
    expect(await heard([[1, 2], [3]], doubled)).toEqual([
      { state: 'working', results: [], done: 0, of: 3 },
      { state: 'working', results: [2, 4], done: 2, of: 3 },
      { state: 'done', results: [2, 4, 6], done: 3, of: 3 },
    ])
  })

  it('is done at once with nothing to ask', async () => {
    expect((await heard([], doubled)).at(-1)).toEqual({ state: 'done', results: [], done: 0, of: 0 })
  })

  it('keeps what was known where a part fails, and asks no further', async () => {
    const error = new Error('no')
    const ask = async (part: readonly number[]) => (part[0] === 3 ? Promise.reject(error) : doubled(part))
    expect((await heard([[1], [3], [5]], ask)).at(-1)).toEqual({ state: 'failed', error, results: [2], done: 1, of: 3 })
  })

  it('says nothing more once it is aborted', async () => {
    const controller = new AbortController()
    const ask = async (part: readonly number[]) => {
      controller.abort()
      return part
    }
    expect(await heard([[1], [2]], ask, controller)).toEqual([{ state: 'working', results: [], done: 0, of: 2 }])
  })
})
