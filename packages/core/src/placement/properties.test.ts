/** What must hold for any model, machine and request (ARCHITECTURE: tests). Small shapes, the real estimate. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engines } from '../engines/index.ts'
import { parseLlamaServer } from '../engines/llama-cpp-arguments.ts'
import type { Machine } from '../machine/machine.ts'
import { estimateMemory, estimateStatic } from '../memory/estimate.ts'
import { type RunRequest, requestDefaults } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import { mebibytes, tokens } from '../units.ts'
import { type CardShape, llamaModel, machineOf } from './fixtures.ts'
import { REORDERING_GAIN } from './search/ordered-search.ts'
import { judge, plan } from './plan.ts'
import { layersByFlags } from './split.ts'
import { layersPlaced, layoutOf } from './layout.ts'
import type { LayerSplit, Placement } from './verdict.ts'

const engine = engines['llama.cpp']

const models = fc
  .record({
    blocks: fc.integer({ min: 2, max: 8 }),
    width: fc.integer({ min: 2, max: 6 }),
    vocabulary: fc.constantFrom(1024, 32000),
    experts: fc.constantFrom(0, 0, 4),
  })
  .map(({ blocks, width, vocabulary, experts }) =>
    llamaModel({
      blocks,
      embedding: 256 * width,
      feedForward: 1024 * width,
      heads: 4,
      headsKv: 2,
      vocabulary,
      type: 'q8_0',
      ...(experts > 0 && { experts, expertsUsed: 2 }),
    }),
  )

const requests = fc
  .record({
    contextLength: fc.integer({ min: 1, max: 64 }),
    parallel: fc.constantFrom(1, 1, 2, 4),
    ubatchSize: fc.constantFrom(64, 512),
    cacheType: fc.constantFrom('f16' as const, 'q8_0' as const),
    kvUnified: fc.boolean(),
    margin: fc.constantFrom(0, 64),
  })
  .map(({ contextLength, cacheType, margin, ubatchSize, ...rest }): RunRequest => ({
    ...requestDefaults,
    ...rest,
    ubatchSize: tokens(ubatchSize),
    contextLength: tokens(contextLength * 256),
    cacheTypeK: cacheType,
    cacheTypeV: cacheType,
    margin: mebibytes(margin),
  }))

/** Around what a small model and the driver's share need, so that both answers occur. */
const cards: fc.Arbitrary<CardShape> = fc
  .record({ mib: fc.integer({ min: 560, max: 1100 }), used: fc.constantFrom(0, 0, 64) })
  .map(({ mib, used }) => ({ gib: mib / 1024, used: used / 1024 }))

const machines = fc
  .record({ cards: fc.array(cards, { minLength: 1, maxLength: 4 }), host: fc.constantFrom(undefined, 2, 16) })
  .map(({ cards, host }) => machineOf(cards, host))

const cases = fc.record({ model: models, request: requests, machine: machines })

function allPlacements(model: Model, machine: Machine, request: RunRequest): readonly Placement[] {
  const verdict = plan({ model, machine, engine, request })
  if (verdict.fits) return [verdict.best, ...verdict.others]
  return [...(verdict.nearest ? [verdict.nearest] : []), ...verdict.remedies.map(({ placement }) => placement)]
}

/** Some runs take a second on a busy machine. */
const SLOW = { timeout: 120_000 }

describe('any plan', SLOW, () => {
  it('is sometimes a yes and sometimes a no in these cases, or the rest would prove nothing', () => {
    let yes = 0
    const runs = 40
    fc.assert(
      fc.property(cases, ({ model, machine, request }) => {
        if (plan({ model, machine, engine, request }).fits) yes++
      }),
      { numRuns: runs, seed: 1 },
    )
    expect(yes).toBeGreaterThan(runs / 5)
    expect(yes).toBeLessThan((runs * 4) / 5)
  })

  it('places every layer once: blocks + 1', () => {
    fc.assert(
      fc.property(cases, ({ model, machine, request }) => {
        for (const { split } of allPlacements(model, machine, request)) {
          expect(layersPlaced(split)).toBe(model.blockCount + 1)
          expect(layoutOf(split).layers).toHaveLength(model.blockCount + 1)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('exceeds no place that it accepts: capacity less margin less used', () => {
    fc.assert(
      fc.property(cases, ({ model, machine, request }) => {
        const verdict = plan({ model, machine, engine, request })
        for (const { memory } of verdict.fits ? [verdict.best, ...verdict.others] : []) {
          for (const { required, capacity, margin, used, headroom, ...parts } of memory) {
            expect(parts.model + parts.context + parts.compute + parts.overhead).toBe(required)
            expect(capacity - margin - used - required).toBe(headroom)
            if (required > 0) expect(required).toBeLessThanOrEqual(capacity - margin - used)
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  it('gives every reason a number that is over its place, and nothing when it fits', () => {
    fc.assert(
      fc.property(cases, ({ model, machine, request }) => {
        const verdict = plan({ model, machine, engine, request })
        if (verdict.fits) return
        expect(verdict.reasons.length).toBeGreaterThan(0)
        for (const reason of verdict.reasons) {
          if (reason.code !== 'insufficient-memory') continue
          expect(reason.requested).toBeGreaterThan(reason.capacity - reason.used - reason.margin)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('still fits with a device more', () => {
    fc.assert(
      fc.property(cases, cards, ({ model, machine, request }, card) => {
        if (!plan({ model, machine, engine, request }).fits) return
        const index = machine.devices.length
        const more = machineOf([...machine.devices.map(() => card), card]).devices[index]!
        const larger = { ...machine, devices: [...machine.devices, more] }
        expect(plan({ model, machine: larger, engine, request }).fits).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('does not depend on the order of equal devices', () => {
    fc.assert(
      fc.property(models, requests, cards, fc.integer({ min: 2, max: 4 }), (model, request, card, count) => {
        const machine = machineOf(Array.from({ length: count }, () => card))
        const turned = { ...machine, devices: machine.devices.toReversed() }
        const headrooms = (one: Machine): unknown =>
          allPlacements(model, one, request).map(({ memory }) => memory.map(({ headroom }) => headroom))
        expect(headrooms(turned)).toEqual(headrooms(machine))
      }),
      { numRuns: 20 },
    )
  })

  it('launches with flags that llama.cpp turns back into the same split', () => {
    fc.assert(
      fc.property(cases, ({ model, machine, request }) => {
        for (const placement of allPlacements(model, machine, request)) {
          const launch = engine.launch({ placement, machine, source: { kind: 'path', path: 'model.gguf' } })
          const parsed = parseLlamaServer(launch.arguments)
          if (!parsed.ok) throw new Error(JSON.stringify(parsed.issue))
          const deviceCount = placement.split.devices.length
          const layers = layersByFlags({
            layerCount: model.blockCount + 1,
            gpuLayers: parsed.value.gpuLayers!,
            shares: parsed.value.tensorSplit ?? [1],
            deviceCount,
          })
          expect(layers).toEqual(layoutOf(placement.split).layers)
          expect(parsed.value.expertsOnHost ?? 0).toBe(placement.split.expertsOnHost)
          expect(visibleCount(launch.environment)).toBe(deviceCount)
        }
      }),
      { numRuns: 30 },
    )
  })
})

const visibleCount = (environment: readonly { readonly name: string; readonly value: string }[]): number =>
  environment.find(({ name }) => name === 'CUDA_VISIBLE_DEVICES')!.value.split(',').length

describe('any split', SLOW, () => {
  const splits = (model: Model, machine: Machine): fc.Arbitrary<LayerSplit> =>
    fc
      .array(fc.integer({ min: 0, max: 5 }), { minLength: machine.devices.length, maxLength: machine.devices.length })
      .map((weights) => splitByWeights(weights, model, machine))

  const splitCases = cases.chain(({ model, machine, request }) =>
    fc.record({
      model: fc.constant(model),
      machine: fc.constant(machine),
      request: fc.constant(request),
      split: splits(model, machine),
    }),
  )

  it('holds the same weights in all, but for copies of shared tensors and alignment', () => {
    fc.assert(
      fc.property(splitCases, ({ model, request, split }) => {
        const settings = engine.settings(request, model)
        const total = (one: LayerSplit): number => {
          const { devices, host } = estimateStatic({ model, settings, layout: layoutOf(one) })
          return devices.reduce<number>((sum, device) => sum + device.model, host.model)
        }
        const together = total({
          ...split,
          devices: [{ device: split.devices[0]!.device, layers: model.blockCount + 1 }],
        })
        expect(total(split)).toBe(together)
      }),
      { numRuns: 30 },
    )
  })

  it('never needs less with more context', () => {
    fc.assert(
      fc.property(splitCases, fc.integer({ min: 1, max: 16 }), ({ model, request, split }, more) => {
        const at = (contextLength: number): number => {
          const settings = engine.settings({ ...request, contextLength: tokens(contextLength) }, model)
          const { devices, host } = estimateMemory({ model, settings, layout: layoutOf(split) })
          return devices.reduce<number>(
            (sum, one) => sum + one.model + one.context + one.compute,
            host.context + host.compute,
          )
        }
        expect(at(request.contextLength + more * 256)).toBeGreaterThanOrEqual(at(request.contextLength))
      }),
      { numRuns: 30 },
    )
  })

  it('is no wider on its tightest device than the one that is planned', () => {
    fc.assert(
      fc.property(splitCases, ({ model, machine, request, split }) => {
        const verdict = plan({ model, machine, engine, request })
        const best = verdict.fits ? verdict.best : verdict.nearest
        if (!best || best.split.hostBlocks > 0 || best.split.expertsOnHost > 0) return
        const judged = judge({ model, machine, engine, request, split })
        if (!best.pipelineParallel && best.split.devices.length > 1 && judged.placement?.pipelineParallel) return
        expect(tightest(judged.placement!)).toBeLessThanOrEqual(tightest(best))
      }),
      { numRuns: 80 },
    )
  })
})

const tightest = ({ memory }: Placement): number =>
  Math.min(
    ...memory.filter(({ place, required }) => place.kind === 'device' && required > 0).map(({ headroom }) => headroom),
  )

/** Cuts blocks + 1 layers in these proportions; devices without a layer are left out. */
function splitByWeights(weights: readonly number[], model: Model, machine: Machine): LayerSplit {
  const sum = weights.reduce((total, weight) => total + weight, 0) || 1
  const layerCount = model.blockCount + 1
  let cumulated = 0
  let placed = 0
  const counts = weights.map((weight) => {
    cumulated += weight
    const end = Math.round((cumulated / sum) * layerCount)
    const layers = end - placed
    placed = end
    return layers
  })
  counts[counts.length - 1]! += layerCount - placed
  const devices = counts
    .map((layers, at) => ({ device: machine.devices[at]!.id, layers }))
    .filter(({ layers }) => layers > 0)
  return { devices, hostBlocks: 0, expertsOnHost: 0, overrides: [] }
}

/** The orders of three cards. */
const orders = [0, 1, 2].flatMap((first) =>
  [0, 1, 2].filter((second) => second !== first).map((second) => [first, second, 3 - first - second]),
)

describe('the search', SLOW, () => {
  it('finds the widest of all contiguous splits over three cards, and another order only where it leaves clearly more', () => {
    fc.assert(
      fc.property(models, requests, fc.array(cards, { minLength: 3, maxLength: 3 }), (model, request, three) => {
        const machine = machineOf(three.map((card) => ({ ...card, gib: card.gib + 1 })))
        const verdict = plan({ model, machine, engine, request })
        if (!verdict.fits) return
        const layerCount = model.blockCount + 1
        const best = orders.map(() => -Infinity)
        for (let first = 0; first <= layerCount; first++) {
          for (let second = 0; first + second <= layerCount; second++) {
            const layers = [first, second, layerCount - first - second]
            orders.forEach((order, at) => {
              const devices = layers.map((count, place) => ({
                device: machine.devices[order[place]!]!.id,
                layers: count,
              }))
              const split = { devices, hostBlocks: 0, expertsOnHost: 0, overrides: [] }
              const { placement } = judge({ model, machine, engine, request, split })
              best[at] = Math.max(best[at]!, tightest(placement!))
            })
          }
        }
        const [inOrder, inAnyOrder] = [best[0]!, Math.max(...best)]
        const isReordered = inAnyOrder > inOrder + REORDERING_GAIN
        expect(tightest(verdict.best)).toBe(isReordered ? inAnyOrder : inOrder)
      }),
      { numRuns: 10 },
    )
  })
})
