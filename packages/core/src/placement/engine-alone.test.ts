import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engines } from '../engines/index.ts'
import type { Machine } from '../machine/machine.ts'
import { HOST } from '../memory/run-memory.ts'
import { type RunRequest, requestDefaults } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import { bytes, gibibytes, mebibytes, tokens } from '../units.ts'
import { compareWithAlone } from './compare-alone.ts'
import { type EngineAlone, engineAlone } from './engine-alone.ts'
import { explainAlone } from './explain-alone.ts'
import { llama70b, llama8b, llamaModel, machineOf, mixture } from './fixtures.ts'
import { plan } from './plan.ts'
import { leastHeadroom, needsHost } from './rank.ts'
import type { Placement } from './verdict.ts'

const engine = engines['llama.cpp']
const model70b = llamaModel(llama70b)
const model8b = llamaModel(llama8b)
const two = machineOf([{ gib: 24 }, { gib: 24 }], 64)

interface Case {
  readonly model?: Model
  readonly machine?: Machine
  readonly request?: Partial<RunRequest>
}

const asked = ({ model = model70b, machine = two, request }: Case) => ({
  model,
  machine,
  engine,
  request: { ...requestDefaults, contextLength: tokens(8192), ...request },
})

function alone(one: Case): EngineAlone {
  const found = engineAlone(asked(one))
  if (!found) throw new Error('chooses nothing')
  return found
}

const layers = ({ placement }: EngineAlone): readonly number[] => placement.split.devices.map((one) => one.layers)

describe('engineAlone', () => {
  it('leaves a run that fits to the free memory of the devices', () => {
    const found = alone({})
    expect(found).toMatchObject({ outcome: 'unchanged', reasons: [] })
    expect(layers(found)).toEqual([41, 40])
    expect(found.placement.settings.contextLength).toBe(8192)
  })

  it('puts layers on the host where a context that was asked for does not fit', () => {
    const found = alone({ request: { contextLength: tokens(32_768) } })
    expect(found.outcome).toBe('fitted')
    const { hostBlocks } = found.placement.split
    expect(hostBlocks).toBeGreaterThan(0)
    expect(layers(found).reduce((sum, count) => sum + count, hostBlocks)).toBe(81)
  })

  it('reduces a context that was left open, and keeps the layers on the devices', () => {
    const found = alone({ request: { contextLength: tokens(0) } })
    expect(found.outcome).toBe('fitted')
    expect(found.placement.split.hostBlocks).toBe(0)
    const { contextLength } = found.placement.settings
    expect(contextLength).toBeGreaterThan(4096)
    expect(contextLength % 256).toBe(0)
    expect(contextLength).toBeLessThan(131_072)
  })

  it('moves the experts of a mixture block by block', () => {
    const found = alone({ model: llamaModel(mixture), machine: machineOf([{ gib: 16 }], 64) })
    expect(layers(found)).toEqual([33])
    expect(found.placement.split.overrides.length).toBeGreaterThan(8)
    expect(found.placement.split.overrides.every(({ place }) => place === HOST)).toBe(true)
  })

  it('sees what other processes hold, and its own driver context', () => {
    const machine = machineOf([{ gib: 24, used: 22 }, { gib: 24 }], 64)
    const [full, free] = layers(alone({ model: model8b, machine }))
    expect(full! * 8).toBeLessThan(free!)
  })

  it('names a device that gets no layer, which holds the driver context alone', () => {
    const machine = machineOf([{ gib: 24, used: 23.2 }, { gib: 24 }], 64)
    const found = alone({ model: model8b, machine, request: { contextLength: tokens(32_768) } })
    expect(layers(found)).toEqual([0, 33])
    const [idle, busy] = found.placement.memory
    expect(idle).toMatchObject({ model: 0, context: 0, compute: 0, atFirstPrompt: 0 })
    expect(idle!.overhead).toBe(mebibytes(384))
    expect(busy!.atFirstPrompt).toBeGreaterThan(0)
  })

  it('runs on the main GPU alone in split mode none', () => {
    expect(layers(alone({ model: model8b, request: { splitMode: 'none' } }))).toEqual([33])
  })

  it.each<[string, Case]>([
    ['the engine refuses the run', { request: { splitMode: 'row' } }],
    ['there is no device', { machine: machineOf([]) }],
  ])('is nothing where %s', (_, one) => expect(engineAlone(asked(one))).toBeUndefined())

  it('is nothing of an engine that leaves nothing open', () => {
    const { choose: _, ...strict } = engine
    expect(engineAlone({ ...asked({}), engine: strict })).toBeUndefined()
  })

  it('says what runs out, by what Berth counts', () => {
    // One layer more than there is room for: what a fit that gives up leaves to the free memory.
    const greedy = {
      ...engine,
      choose: (run: Parameters<NonNullable<typeof engine.choose>>[0]) => ({
        ...engine.choose!(run)!,
        layout: { ...engine.choose!(run)!.layout, layers: Array.from({ length: 81 }, () => 0) },
      }),
    }
    const found = engineAlone({ ...asked({}), engine: greedy })
    expect(found?.reasons).toMatchObject([{ code: 'insufficient-memory', capacity: gibibytes(24), margin: 0 }])
  })
})

const bestOf = (one: Case): Placement => {
  const verdict = plan(asked(one))
  if (!verdict.fits) throw new Error('does not fit')
  return verdict.best
}

describe('beside a plan', () => {
  const told = (one: Case): string => {
    const input = asked(one)
    return explainAlone(alone(one), bestOf(one), input.machine)
  }

  it.each<[Case, string]>([
    [{}, 'llama.cpp left alone would leave as much free.'],
    [
      { machine: machineOf([{ gib: 24 }, { gib: 30 }], 64) },
      'llama.cpp left alone would leave 5.86 GiB on the fullest GPU; this plan leaves 6.51 GiB.',
    ],
    [
      { request: { contextLength: tokens(32_768) } },
      'llama.cpp left alone would hold 77 of 81 layers on the GPUs, leaving 884 MiB of a margin of 1.00 GiB; this plan holds 76 of 81 layers on the GPUs.',
    ],
    [
      { request: { contextLength: tokens(0) } },
      'llama.cpp left alone would hold 81 of 81 layers on the GPUs and a context of 24,064, leaving 928 MiB of a margin of 1.00 GiB; this plan holds 45 of 81 layers on the GPUs and a context of 131,072.',
    ],
    [
      { model: llamaModel(mixture), machine: machineOf([{ gib: 16 }, { gib: 12 }], 64) },
      'llama.cpp left alone would hold 33 of 33 layers, 4 of them in part, on the GPUs; this plan holds 33 of 33 layers, 3 of them in part, on the GPUs.',
    ],
  ])('%#', (one, sentence) => expect(told(one)).toBe(sentence))

  it('says that it would run out, where and by how much', () => {
    const choice = alone({})
    const place = { kind: 'device', device: two.devices[1]!.id } as const
    const shortage = { place, used: bytes(0), margin: bytes(0), capacity: gibibytes(24) }
    const failing = (code: 'insufficient-memory' | 'insufficient-memory-at-first-prompt'): string => {
      const requested = gibibytes(24.5)
      const reason = { code, ...shortage, requested, loaded: gibibytes(23), cause: 'x', causeBytes: bytes(1) } as const
      return explainAlone({ ...choice, reasons: [reason] }, choice.placement, two)
    }
    expect(failing('insufficient-memory')).toBe(
      'llama.cpp left alone would run out of memory, 512 MiB short on GPU 1 (card of 24 GiB); this plan leaves 3.46 GiB on the fullest GPU.',
    )
    expect(failing('insufficient-memory-at-first-prompt')).toBe(
      'llama.cpp left alone would load and run out of memory at the first prompt, 512 MiB short on GPU 1 (card of 24 GiB); this plan leaves 3.46 GiB on the fullest GPU.',
    )
  })

  it('compares what each holds', () => {
    const one = { request: { contextLength: tokens(32_768) } }
    const measured = { free: expect.any(Number), margin: gibibytes(1) }
    expect(compareWithAlone(bestOf(one), alone(one))).toEqual({
      layerCount: 81,
      alone: { layersOnDevices: 77, layersInPart: 0, needsHost: true, contextLength: 32_768, ...measured },
      plan: { layersOnDevices: 76, layersInPart: 0, needsHost: true, contextLength: 32_768, ...measured },
    })
  })
})

/** Some runs take a second on a busy machine. */
const SLOW = { timeout: 120_000 }

describe('a plan', SLOW, () => {
  const models = fc
    .record({
      blocks: fc.integer({ min: 2, max: 10 }),
      width: fc.integer({ min: 2, max: 8 }),
      experts: fc.constantFrom(0, 0, 4),
      vocabulary: fc.constantFrom(1024, 32_000),
    })
    .map(({ blocks, width, experts, vocabulary }) =>
      llamaModel({
        ...{ blocks, embedding: 256 * width, feedForward: 1024 * width, heads: 4, headsKv: 2, vocabulary },
        ...{ type: 'f16', ...(experts > 0 && { experts, expertsUsed: 2 }) },
      }),
    )
  /** Of the share of the weights that a device would hold of as many. */
  const shares = fc.array(fc.double({ min: 0.4, max: 2, noNaN: true }), { minLength: 1, maxLength: 4 })

  // Where the engine cuts within a block, a plan of whole layers may leave less.
  it('leaves no less on its fullest device than a choice of whole layers that keeps the margin', () => {
    let kept = 0
    fc.assert(
      fc.property(models, shares, fc.constantFrom(0, 512, 8192), (model, parts, contextLength) => {
        const cards = parts.map((part) => ({ gib: 1.75 + (part * model.weightBytes) / parts.length / 2 ** 30 }))
        const one = { model, machine: machineOf(cards), request: { contextLength: tokens(contextLength) } }
        const { placement } = alone(one)
        if (needsHost(placement) || placement.split.overrides.length > 0 || leastHeadroom(placement) < 0) return
        kept++
        const best = bestOf({ ...one, request: { contextLength: placement.settings.contextLength } })
        expect(leastHeadroom(best)).toBeGreaterThanOrEqual(leastHeadroom(placement))
      }),
      { numRuns: 80 },
    )
    expect(kept).toBeGreaterThan(10)
  })
})
