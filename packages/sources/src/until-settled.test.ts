import { expect, it } from 'vitest'
import { untilSettled } from './until-settled.ts'

it('aborts what is still under way once the run has failed', async () => {
  let inner: AbortSignal | undefined
  const run = (signal: AbortSignal): Promise<never> => {
    inner = signal
    expect(signal.aborted).toBe(false)
    return Promise.reject(new Error('no such file'))
  }
  await expect(untilSettled(undefined, run)).rejects.toThrow('no such file')
  expect(inner?.aborted).toBe(true)
})

it('passes an outer abort on', async () => {
  const outer = new AbortController()
  const answer = untilSettled(outer.signal, (signal) => {
    outer.abort(new Error('gone'))
    return Promise.resolve(signal.reason as Error)
  })
  await expect(answer).resolves.toMatchObject({ message: 'gone' })
})
