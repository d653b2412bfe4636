import { describe, expect, it, vi } from 'vitest'
import { createExactLoader, type LoaderOptions, type Wish } from './exact-loader.ts'
import type { ExactCell } from './survey.ts'

const wish = (key: string, ...machineIds: readonly string[]): Wish<string> => ({ key, file: `file ${key}`, machineIds })

function scene() {
  const calls: {
    readonly wish: Wish<string>
    readonly signal: AbortSignal
    readonly answer: (cells?: readonly ExactCell[]) => Promise<void>
    readonly fail: () => Promise<void>
  }[] = []
  const onCells = vi.fn<LoaderOptions<string>['onCells']>()
  const onFailure = vi.fn<LoaderOptions<string>['onFailure']>()
  const loader = createExactLoader<string>({
    onCells,
    onFailure,
    ask: (asked, signal) =>
      new Promise((resolve, reject) => {
        const settled = () => new Promise<void>((done) => void setTimeout(done))
        calls.push({
          wish: asked,
          signal,
          answer: (cells = []) => (resolve(cells), settled()),
          fail: () => (reject(new Error('no')), settled()),
        })
      }),
  })
  const asked = () => calls.map((call) => `${call.wish.key}: ${call.wish.machineIds.join(' ')}`)
  return { loader, calls, asked, onCells, onFailure }
}

describe('what is in view', () => {
  it('is asked for two files at a time, in order', async () => {
    const { loader, calls, asked, onCells } = scene()
    loader.want([wish('a', '1', '2'), wish('b', '1'), wish('c', '1')])
    expect(asked()).toEqual(['a: 1 2', 'b: 1'])
    await calls[0]!.answer([])
    expect(onCells).toHaveBeenCalledWith('a', [])
    expect(asked()).toEqual(['a: 1 2', 'b: 1', 'c: 1'])
  })

  it('is asked for once, also while it is being asked for', async () => {
    const { loader, calls, asked } = scene()
    loader.want([wish('a', '1')])
    loader.want([wish('a', '1', '2')])
    expect(asked()).toEqual(['a: 1', 'a: 2'])
    await calls[0]!.answer()
    await calls[1]!.answer()
    loader.want([wish('a', '1', '2')])
    expect(calls).toHaveLength(2)
  })

  it('is asked for in calls that the API takes', async () => {
    const { loader, calls } = scene()
    loader.want([wish('a', ...Array.from({ length: 70 }, (_, at) => String(at)))])
    expect(calls.map((call) => call.wish.machineIds.length)).toEqual([64, 6])
  })

  it('is given up once it is out of view, and asked for again when it comes back', async () => {
    const { loader, calls, asked, onCells } = scene()
    loader.want([wish('a', '1'), wish('b', '1')])
    loader.want([wish('c', '1')])
    expect(calls.map(({ signal }) => signal.aborted)).toEqual([true, true, false])
    await calls[0]!.answer([])
    expect(onCells).not.toHaveBeenCalled()
    loader.want([wish('a', '1')])
    expect(asked()).toEqual(['a: 1', 'b: 1', 'c: 1', 'a: 1'])
  })
})

it('tells a failure, and asks no more for the same', async () => {
  const { loader, calls, onFailure } = scene()
  loader.want([wish('a', '1')])
  await calls[0]!.fail()
  expect(onFailure).toHaveBeenCalledTimes(1)
  loader.want([wish('a', '1')])
  expect(calls).toHaveLength(1)
})

it('gives up everything when it is closed', async () => {
  const { loader, calls, onCells, onFailure } = scene()
  loader.want([wish('a', '1'), wish('b', '1'), wish('c', '1')])
  loader.close()
  expect(calls.every(({ signal }) => signal.aborted)).toBe(true)
  await calls[0]!.answer([])
  await calls[1]!.fail()
  expect(calls).toHaveLength(2)
  expect(onCells).not.toHaveBeenCalled()
  expect(onFailure).not.toHaveBeenCalled()
})
