import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Device, Machine } from '../machine/machine.ts'
import { pipelineParallel } from '../memory/compute.ts'
import { requestDefaults, type RunRequest } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import { llama8b, llamaModel, machineOf, mixture } from '../placement/fixtures.ts'
import { layoutOf } from '../placement/layout.ts'
import type { LayerSplit, Placement } from '../placement/verdict.ts'
import { gibibytes, tokens } from '../units.ts'
import type { Span } from './efficiency.ts'
import { estimateSpeed, secondsPerToken, type SpeedEstimate } from './speed.ts'

const dense = llamaModel(llama8b)
const experts = llamaModel(mixture)
const LAYERS = 33

const card = (changes: Partial<Device> = {}): { gib: number; changes: Partial<Device> } => ({
  gib: 24,
  changes: {
    memoryBandwidthBytesPerSecond: 900e9,
    fp16FlopsPerSecond: 100e12,
    pcie: { generationMax: 4, widthMax: 16 },
    ...changes,
  },
})
const machine = (count: number, changes: Partial<Device> = {}, host: Partial<Machine> = {}): Machine => ({
  ...machineOf(
    Array.from({ length: count }, () => card(changes)),
    256,
  ),
  hostMemoryBandwidthBytesPerSecond: 80e9,
  cpuCores: 16,
  ...host,
})

interface Options {
  readonly model?: Model
  readonly request?: Partial<RunRequest>
}

/** As it is judged, less its memory, which no speed depends on. */
function placed(on: Machine, split: Partial<LayerSplit>, { model = dense, request = {} }: Options = {}): Placement {
  const devices = split.devices?.filter(({ layers }) => layers > 0) ?? []
  const whole = { hostBlocks: 0, expertsOnHost: 0, overrides: [], ...split, devices }
  const asked = { ...requestDefaults, contextLength: tokens(8192), ...request }
  const settings = {
    ...asked,
    splitMode: devices.length > 1 ? ('layer' as const) : ('none' as const),
    outputsMax: asked.parallel,
    pipelineAllowed: true,
  }
  const run = { model, settings, layout: layoutOf(whole) }
  return {
    machine: on.id,
    model: model.name,
    engine: 'llama.cpp',
    engineVersion: '0.5.0-dev',
    settings,
    split: whole,
    memory: [],
    pipelineParallel: pipelineParallel(run),
    flashAttention: asked.flashAttention !== 'off',
  }
}

const layersOn = (on: Machine, ...counts: readonly number[]) => ({
  devices: counts.map((layers, at) => ({ device: on.devices[at]!.id, layers })),
})

function estimate(on: Machine, split: Partial<LayerSplit>, options: Options = {}): SpeedEstimate {
  return estimateSpeed({ placement: placed(on, split, options), model: options.model ?? dense, machine: on })
}

const spansOf = ({ prompt, generation }: SpeedEstimate): readonly Span[] => [
  prompt,
  generation.oneSlot,
  generation.allSlots,
]

describe('estimateSpeed', () => {
  const one = machine(1)
  const two = machine(2)

  it('is slower with a full context than with an empty one, and with a fuller one', () => {
    const at = (contextLength: number) =>
      estimate(one, layersOn(one, LAYERS), { request: { contextLength: tokens(contextLength) } })
    expect(at(32768).generation.oneSlot.low).toBeLessThan(at(8192).generation.oneSlot.low)
    // Empty, both are the same.
    expect(at(32768).generation.oneSlot.high).toBe(at(8192).generation.oneSlot.high)
    expect(at(32768).prompt.low).toBeLessThan(at(8192).prompt.low)
  })

  it('gives all slots together more than one, each less', () => {
    const { generation } = estimate(one, layersOn(one, LAYERS), { request: { parallel: 8 } })
    expect(generation.allSlots.low).toBeGreaterThan(generation.oneSlot.low)
    expect(generation.allSlots.high).toBeGreaterThan(4 * generation.oneSlot.high)
    expect(generation.allSlots.high).toBeLessThan(8 * generation.oneSlot.high)
  })

  it('reads only the experts in use', () => {
    const all = llamaModel({ ...mixture, expertsUsed: 8 })
    const of = (model: Model) => estimate(two, layersOn(two, 17, 16), { model }).generation.oneSlot
    expect(of(experts).low).toBeGreaterThan(2 * of(all).low)
  })

  it('overlaps the ubatches of a long prompt over devices, where the engine does', () => {
    const long = { request: { contextLength: tokens(8192) } }
    const placement = placed(two, layersOn(two, 17, 16), long)
    expect(placement.pipelineParallel).toBe(true)
    const of = (pipelineParallel: boolean) =>
      estimateSpeed({ placement: { ...placement, pipelineParallel }, model: dense, machine: two }).prompt.high
    expect(of(true) / of(false)).toBeGreaterThan(1.4)
    expect(of(true) / of(false)).toBeLessThan(2)
  })

  it('adds bandwidths in split mode tensor, and pays for every sum', () => {
    const placement = placed(two, layersOn(two, 17, 16))
    const sideBySide = { ...placement, split: { ...placement.split, tensor: true as const } }
    const of = (one: Placement) => estimateSpeed({ placement: one, model: dense, machine: two })
    const gain = of(sideBySide).generation.oneSlot.high / of(placement).generation.oneSlot.high
    expect(gain).toBeGreaterThan(1.3)
    expect(gain).toBeLessThan(2)
    expect(of(sideBySide).basis).toContainEqual(
      expect.objectContaining({ kind: 'transfer', phase: 'generation', trips: 64 }),
    )
  })

  it('gains nothing from split mode tensor where the architecture is not cut', () => {
    const placement = placed(two, layersOn(two, 17, 16))
    const sideBySide = { ...placement, split: { ...placement.split, tensor: true as const } }
    const uncut = { ...dense, tensorSplit: 'mirrored' } as const
    const alone = estimateSpeed({ placement: placed(one, layersOn(one, LAYERS)), model: uncut, machine: one })
    const both = estimateSpeed({ placement: sideBySide, model: uncut, machine: two })
    expect(both.generation.oneSlot.high).toBeCloseTo(alone.generation.oneSlot.high, 6)
  })

  it('is bound by the link for prompts, where weights lie on the host', () => {
    const split = { ...layersOn(one, 17), hostBlocks: 16 }
    const narrow = machine(1, { pcie: { generationMax: 3, widthMax: 4 } })
    const wide = machine(1, { pcie: { generationMax: 5, widthMax: 16 } })
    const prompt = (on: Machine) => estimate(on, split, { request: { contextLength: tokens(1024) } }).prompt.high
    expect(prompt(wide) / prompt(narrow)).toBeGreaterThan(3)
    const upload = estimate(narrow, split).basis.find((line) => line.kind === 'transfer' && line.carries === 'weights')
    expect(upload).toMatchObject({ phase: 'prompt', link: 'PCIe', tokens: 512, peak: { from: 'typed' } })
  })

  describe('behind an RPC server', () => {
    const slow = machine(1, { backend: 'rpc' }, { networkInterfaces: [{ name: 'eno1', bitsPerSecond: 1e9 }] })
    const fast = { ...slow, networkInterfaces: [{ name: 'ens1', bitsPerSecond: 25e9 }] }

    it('sends embeddings and logits over the network, and says so', () => {
      const { basis, certainty } = estimate(slow, layersOn(slow, LAYERS))
      const sent = basis.filter((line) => line.kind === 'transfer' && line.phase === 'generation')
      const common = { kind: 'transfer', carries: 'activations', link: 'the network (eno1)', trips: 1 }
      expect(sent).toMatchObject([
        { ...common, from: { kind: 'host' }, bytes: 4096 * 4 },
        { ...common, to: { kind: 'host' }, bytes: 128_256 * 4 },
      ])
      expect(certainty).toBe('assumed')
    })

    it('generates at most as fast as logits come back', () => {
      const speedOf = (on: Machine) => estimate(on, layersOn(on, LAYERS)).generation.oneSlot
      expect(speedOf(slow).high).toBeLessThan(1e9 / 8 / (128_256 * 4))
      expect(speedOf(fast).high).toBeGreaterThan(speedOf(slow).high)
      expect(speedOf(fast).low).toBeGreaterThan(speedOf(slow).low)
    })

    it('multiplies what lies on the host there: no server is sent weights', () => {
      const { basis } = estimate(slow, { ...layersOn(slow, 17), hostBlocks: 16 })
      expect(basis.filter((line) => line.kind === 'transfer' && line.carries === 'weights')).toEqual([])
    })
  })

  it.each([
    ['layers, through host memory', undefined, 'PCIe', true],
    ['sums of split mode tensor, over NVLink', true, 'NV12', undefined],
  ] as const)('says which way GPUs send each other: %s', (_, tensor, link, throughHost) => {
    const [from, to] = two.devices.map(({ id }) => id)
    const bonded = { ...two, links: [{ from: from!, to: to!, kind: 'NV12' }] }
    const { basis } = estimate(bonded, { ...layersOn(two, 17, 16), ...(tensor && { tensor }) })
    const sent = basis.find((line) => line.kind === 'transfer')
    expect([sent?.link, sent?.throughHost]).toEqual([link, throughHost])
  })

  it.each([
    ['every figure given', one, layersOn(one, LAYERS), 'estimated'],
    ['a card nobody knows', machine(1, { memoryBandwidthBytesPerSecond: 0 }), layersOn(one, LAYERS), 'assumed'],
    ['a kind of device nobody measured', machine(1, { architecture: '5.2' }), layersOn(one, LAYERS), 'assumed'],
    // A processor's arithmetic is always a guess.
    ['blocks on the host', one, { ...layersOn(one, 17), hostBlocks: 16 }, 'assumed'],
  ] as const)('says how sure it is: %s', (_, on, split, certainty) =>
    expect(estimate(on, split).certainty).toBe(certainty),
  )

  it('names every place that works, what bounds it, and its peaks', () => {
    const { basis } = estimate(two, layersOn(two, 17, 16))
    const lines = basis.map((line) =>
      [line.kind, 'phase' in line ? line.phase : line.figure, 'bound' in line ? line.bound : ''].join(' '),
    )
    expect(lines).toEqual([
      'work generation memory-bandwidth',
      'work generation memory-bandwidth',
      'transfer generation ',
      'work prompt compute',
      'work prompt compute',
      'transfer prompt ',
      'peak memory-bandwidth ',
      'peak compute ',
      'peak memory-bandwidth ',
      'peak compute ',
    ])
    for (const phase of ['generation', 'prompt']) {
      const shares = basis.map((line) => ('phase' in line && line.phase === phase ? line.share : 0))
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
    }
  })
})

describe('laws', () => {
  /** Layers over two devices and the host, as many as there are. */
  const anySplit = fc
    .tuple(fc.integer({ min: 0, max: 32 }), fc.integer({ min: 0, max: LAYERS }))
    .map(([hostBlocks, first]) => {
      const left = LAYERS - hostBlocks
      return { hostBlocks, counts: [Math.min(first, left), left - Math.min(first, left)] }
    })
  const anyRequest = fc.record({
    contextLength: fc.integer({ min: 256, max: 65536 }).map(tokens),
    parallel: fc.integer({ min: 1, max: 40 }),
    ubatchSize: fc.constantFrom(16, 512, 2048).map(tokens),
    flashAttention: fc.constantFrom('on', 'off'),
    kvUnified: fc.boolean(),
    offloadKqv: fc.boolean(),
    opOffload: fc.boolean(),
  })
  const figure = fc.option(fc.double({ min: 1e9, max: 1e13, noNaN: true }), { nil: undefined })
  const runs = { numRuns: 40 }

  it('every end is finite and positive, and the low one is never above the high', () => {
    fc.assert(
      fc.property(
        anySplit,
        anyRequest,
        fc.constantFrom(dense, experts),
        figure,
        figure,
        ({ hostBlocks, counts }, request, model, speed, host) => {
          const on = machine(
            2,
            speed === undefined ? {} : { memoryBandwidthBytesPerSecond: speed },
            host === undefined ? {} : { hostMemoryBandwidthBytesPerSecond: host },
          )
          const split = { ...layersOn(on, ...counts), hostBlocks }
          for (const { low, high } of spansOf(estimate(on, split, { model, request }))) {
            expect(low).toBeGreaterThan(0)
            expect(high).toBeLessThan(Infinity)
            expect(low).toBeLessThanOrEqual(high)
          }
        },
      ),
      runs,
    )
  })

  it('faster memory, arithmetic or a wider slot is never slower', () => {
    const factor = fc.double({ min: 1, max: 8, noNaN: true })
    fc.assert(
      fc.property(
        anySplit,
        anyRequest,
        factor,
        factor,
        factor,
        ({ hostBlocks, counts }, request, memory, arithmetic, host) => {
          const slow = machine(2)
          const fast = machine(
            2,
            {
              memoryBandwidthBytesPerSecond: 900e9 * memory,
              fp16FlopsPerSecond: 100e12 * arithmetic,
              pcie: { generationMax: 5, widthMax: 16 },
            },
            { hostMemoryBandwidthBytesPerSecond: 80e9 * host },
          )
          const split = { ...layersOn(slow, ...counts), hostBlocks }
          const [before, after] = [slow, fast].map((on) => spansOf(estimate(on, split, { request })))
          before!.forEach(({ low, high }, at) => {
            expect(after![at]!.low).toBeGreaterThanOrEqual(low * (1 - 1e-9))
            expect(after![at]!.high).toBeGreaterThanOrEqual(high * (1 - 1e-9))
          })
        },
      ),
      runs,
    )
  })

  it('a block more on the host never generates faster', () => {
    const on = machine(1)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 31 }), anyRequest, (hostBlocks, request) => {
        const [fewer, more] = [hostBlocks, hostBlocks + 1].map((count) => {
          const split = { ...layersOn(on, LAYERS - count), hostBlocks: count }
          return estimate(on, split, { request: { ...request, parallel: 1 } }).generation.oneSlot
        })
        expect(more!.low).toBeLessThanOrEqual(fewer!.low)
        expect(more!.high).toBeLessThanOrEqual(fewer!.high)
      }),
      runs,
    )
  })

  it('the middle of generation orders as its ends do', () => {
    const on = machine(1)
    const seconds = (hostBlocks: number) =>
      secondsPerToken({
        placement: placed(on, { ...layersOn(on, LAYERS - hostBlocks), hostBlocks }),
        model: dense,
        machine: on,
      })
    const { low, high } = estimate(on, layersOn(on, LAYERS)).generation.oneSlot
    expect(seconds(0)).toBeLessThan(1 / low)
    expect(seconds(0)).toBeGreaterThan(1 / high)
    expect(seconds(4)).toBeGreaterThan(seconds(0))
  })
})

it('reads a unified cache no dearer than separate ones', () => {
  const on = machineOf([card()], 64)
  const wide = { ...on, hostMemoryTotal: gibibytes(64) }
  const of = (kvUnified: boolean) =>
    estimate(wide, layersOn(wide, LAYERS), { request: { parallel: 4, kvUnified } }).generation.allSlots
  expect(of(true)).toEqual(of(false))
})
