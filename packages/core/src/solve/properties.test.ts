/** What is solved for is what trying every value comes to. Small shapes, the real estimate. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CachePair } from '../engines/engine.ts'
import { engines } from '../engines/index.ts'
import { type CacheType, type RunRequest, requestDefaults } from '../memory/settings.ts'
import { decide } from '../placement/decide.ts'
import { type CardShape, llamaModel, machineOf } from '../placement/fixtures.ts'
import { type Mix, mixes } from '../quantize/mix.ts'
import { mebibytes, padTo, tokens } from '../units.ts'
import { solve } from './solve.ts'
import type { SolveInput } from './solution.ts'

/** Fewer slots than llama.cpp serves, so that all can be tried; with small ubatches enough for prompts to be padded. */
const engine = { ...engines['llama.cpp'], slotLimit: 80 }

const shapes = fc
  .record({
    blocks: fc.integer({ min: 2, max: 6 }),
    width: fc.integer({ min: 2, max: 6 }),
    headsKv: fc.constantFrom(1, 2, 4),
    vocabulary: fc.constantFrom(1024, 32000),
    trained: fc.constantFrom(4096, 10_000),
    experts: fc.constantFrom(0, 0, 4),
  })
  .map(({ width, experts, ...rest }) => ({
    ...rest,
    embedding: 256 * width,
    feedForward: 1024 * width,
    heads: 4,
    type: 'q8_0' as const,
    ...(experts > 0 && { experts, expertsUsed: 2 }),
  }))

const requests = fc
  .record({
    contextLength: fc.constantFrom(256, 512, 2048),
    parallel: fc.constantFrom(1, 1, 2, 4),
    ubatchSize: fc.constantFrom(64, 512, 1024),
    cacheType: fc.constantFrom('f16' as const, 'q8_0' as const, 'bf16' as const),
    kvUnified: fc.boolean(),
    flashAttention: fc.constantFrom('auto' as const, 'on' as const),
  })
  .map(({ contextLength, cacheType, ubatchSize, ...rest }): RunRequest => ({
    ...requestDefaults,
    ...rest,
    ubatchSize: tokens(ubatchSize),
    contextLength: tokens(contextLength),
    cacheTypeK: cacheType,
    cacheTypeV: cacheType,
    margin: mebibytes(64),
  }))

const cards: fc.Arbitrary<CardShape> = fc
  .record({ mib: fc.integer({ min: 620, max: 1000 }), used: fc.constantFrom(0, 0, 64) })
  .map(({ mib, used }) => ({ gib: mib / 1024, used: used / 1024 }))

const inputs = fc
  .record({ shape: shapes, request: requests, cards: fc.array(cards, { minLength: 1, maxLength: 3 }) })
  .map(({ shape, request, cards }) => ({ model: llamaModel(shape), machine: machineOf(cards), engine, request }))

type Given = Omit<SolveInput, 'unknown'>

const fits = ({ request, ...given }: Given, change: Partial<RunRequest>): boolean =>
  decide({ ...given, request: { ...request, ...change } }, { compare: 'answer', mayRelyOnHost: false }).fits

/** All pairs that the engine runs with this model: the coarser type decides, and keys are not it where values can be. */
function finestFirst({ model, request }: Given): readonly CachePair[] {
  const order: readonly CacheType[] = ['f16', 'q8_0', 'q5_1', 'q5_0', 'q4_1', 'iq4_nl', 'q4_0']
  const runs = new Set(engine.cachePairs(model, request, 'cuda').map((pair) => `${pair.cacheTypeK} ${pair.cacheTypeV}`))
  const upTo = (place: number) => order.slice(0, place + 1)
  const pairs = order.flatMap((coarser, place) => [
    ...upTo(place).map((finer): CachePair => ({ cacheTypeK: finer, cacheTypeV: coarser })),
    ...upTo(place)
      .filter((finer) => !runs.has(`${finer} ${coarser}`))
      .map((finer): CachePair => ({ cacheTypeK: coarser, cacheTypeV: finer })),
  ])
  return pairs.filter((pair) => runs.has(`${pair.cacheTypeK} ${pair.cacheTypeV}`))
}

const down = (from: number): readonly number[] => Array.from({ length: from }, (_, index) => from - index)

/** Some runs take a second on a busy machine. */
const SLOW = { timeout: 120_000 }

describe('what is solved for', SLOW, () => {
  it('is the largest context of all', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const { kvUnified, parallel } = given.request
        const trained = given.model.contextLengthTrained
        const streams = kvUnified ? 1 : parallel
        const all = down(Math.ceil(trained / 256)).map((steps) => tokens(Math.min(steps * 256, trained) * streams))
        const solution = solve({ ...given, unknown: 'context' })
        const found = solution.solved && solution.value.unknown === 'context' ? solution.value.contextLength : undefined
        expect(found).toBe(all.find((contextLength) => fits(given, { contextLength })))
      }),
      { numRuns: 25 },
    )
  })

  it('is the most slots of all', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const { kvUnified, parallel, contextLength } = given.request
        const perSlot = padTo(kvUnified ? contextLength : Math.floor(contextLength / parallel), 256)
        const ask = (count: number) => ({
          parallel: count,
          contextLength: tokens(kvUnified ? perSlot : perSlot * count),
        })
        const solution = solve({ ...given, unknown: 'slots' })
        const found = solution.solved && solution.value.unknown === 'slots' ? solution.value.parallel : undefined
        expect(found).toBe(down(engine.slotLimit).find((count) => fits(given, ask(count))))
      }),
      { numRuns: 12 },
    )
  })

  it('is the finest cache of all', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const solution = solve({ ...given, unknown: 'cache-type' })
        const { request } = solution.solved ? solution : { request: undefined }
        const found = request && { cacheTypeK: request.cacheTypeK, cacheTypeV: request.cacheTypeV }
        expect(found).toEqual(finestFirst(given).find((pair) => fits(given, pair)))
      }),
      { numRuns: 25 },
    )
  })

  it('is the mix of all that loses least', () => {
    const order = ['F16', 'Q8_0', 'Q5_1', 'Q4_K_M', 'Q4_0'] as const satisfies readonly Mix[]
    fc.assert(
      fc.property(shapes, inputs, fc.shuffledSubarray([...order], { minLength: 1 }), (shape, given, offered) => {
        const modelOf = (mix: Mix) => llamaModel({ ...shape, type: mixes[mix].baseType })
        const candidates = offered.map((mix) => ({ id: mix, mix, model: () => modelOf(mix) }))
        const solution = solve({ ...given, unknown: 'mix', candidates })
        const found = solution.solved && solution.value.unknown === 'mix' ? solution.value.candidate : undefined
        const best = order.find((mix) => offered.includes(mix) && fits({ ...given, model: modelOf(mix) }, {}))
        expect(found).toBe(best)
      }),
      { numRuns: 25 },
    )
  })
})
