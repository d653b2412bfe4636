import { describe, expect, it } from 'vitest'
import { bytes, GIB, tokens } from '../../units.ts'
import { exl3Settings } from '../exllamav3/settings.ts'
import { LLAMA_3_8B, modelOf } from '../fixtures.ts'
import { exl2Settings } from '../settings.ts'
import { type Exl2Run, placeModules } from './run.ts'
import { sharesFor } from './shares.ts'

const free = [24 * GIB, 24 * GIB, 24 * GIB]
const limitless = free.map(() => bytes(1000 * GIB))

/** Modules on each device as the loader places them when it is told these shares. */
function placed(format: 'exl2' | 'exl3', run: Exl2Run, counts: readonly number[]) {
  const model = modelOf(LLAMA_3_8B, format)
  const gigabytes = sharesFor(model, run, { counts, free })
  const result = placeModules(model, run, { kind: 'manual', gigabytes }, limitless.slice(0, counts.length))
  if (!result.ok) throw new Error(JSON.stringify(result.issue))
  return counts.map((_, at) => result.value.places.filter((place) => place === at).length)
}

describe('shares lead ExLlamaV2 to every border', () => {
  const run: Exl2Run = { format: 'exl2', settings: exl2Settings(tokens(8192)) }

  it.each(Array.from({ length: 65 }, (_, at) => at + 1))('of %i modules on the first of two', (first) => {
    const counts = [first, 66 - first]
    expect(placed('exl2', run, counts)).toEqual(counts)
  })

  it.each([[[1, 1, 64]], [[20, 1, 45]], [[30, 30, 6]]])('of %j modules over three', (counts) => {
    expect(placed('exl2', run, counts)).toEqual(counts)
  })

  it('are as short as they can be, and the last takes what is left', () => {
    const model = modelOf(LLAMA_3_8B)
    expect(sharesFor(model, run, { counts: [33, 33], free })).toEqual([2, 24])
    // Between the last feed-forward and the norm lie 8 KiB.
    const [narrow] = sharesFor(model, run, { counts: [64, 2], free }) as [number]
    expect(String(narrow).length).toBeGreaterThan(6)
  })

  it('give the last device more than it has where that is what its modules ask for', () => {
    const [, last] = sharesFor(modelOf(LLAMA_3_8B), run, { counts: [1, 65], free: [GIB, GIB] }) as [number, number]
    expect(last).toBeGreaterThan(3)
    expect(last * 10).toBeCloseTo(Math.round(last * 10))
  })
})

it.each(Array.from({ length: 31 }, (_, at) => at + 1))(
  'shares lead ExLlamaV3 to a border of %i modules on the first of two',
  (first) => {
    const counts = [first, 34 - first]
    expect(placed('exl3', { format: 'exl3', settings: exl3Settings(tokens(8192)) }, counts)).toEqual(counts)
  },
)
