import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { askAfterPause, PAUSE_MS, SLOW_MS } from './ask-after-pause.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function scene() {
  let settle: { readonly resolve: (answer: string) => void; readonly reject: (error: Error) => void } | undefined
  const ask = vi.fn(
    (_: AbortSignal) =>
      new Promise<string>((resolve, reject) => {
        settle = { resolve, reject }
      }),
  )
  const told: string[] = []
  const cancel = askAfterPause({
    ask,
    onAnswer: (answer) => told.push(answer),
    onFailure: (error) => told.push(String(error)),
    onSlow: () => told.push('slow'),
  })
  return { ask, told, cancel, settled: () => settle! }
}

it('asks after a pause, and says nothing of a wait that is short', async () => {
  const { ask, told, settled } = scene()
  vi.advanceTimersByTime(PAUSE_MS - 1)
  expect(ask).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  settled().resolve('answer')
  await vi.runAllTimersAsync()
  expect(told).toEqual(['answer'])
})

it('asks nothing where the question changes within the pause', () => {
  const { ask, cancel } = scene()
  cancel()
  vi.runAllTimers()
  expect(ask).not.toHaveBeenCalled()
})

it('tells of a wait that is long, and then of the answer', async () => {
  const { told, settled } = scene()
  vi.advanceTimersByTime(PAUSE_MS + SLOW_MS)
  expect(told).toEqual(['slow'])
  settled().reject(new Error('down'))
  await vi.runAllTimersAsync()
  expect(told).toEqual(['slow', 'Error: down'])
})

it.each(['resolve', 'reject'] as const)('tells nothing once it is given up, if it should %s', async (how) => {
  const { ask, told, cancel, settled } = scene()
  vi.advanceTimersByTime(PAUSE_MS)
  cancel()
  expect(ask.mock.calls[0]?.[0].aborted).toBe(true)
  if (how === 'resolve') settled().resolve('late')
  else settled().reject(new Error('aborted'))
  await vi.runAllTimersAsync()
  expect(told).toEqual([])
})
