import { describe, expect, it } from 'vitest'
import { elementCount, tensorBytes } from '../header/header.ts'
import { expertOverrides } from '../memory/overrides.ts'
import { HOST, type RunLayout } from '../memory/run-memory.ts'
import { requestDefaults, type RunSettings } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import { llama8b, llamaModel, mixture } from '../placement/fixtures.ts'
import { generationPass, promptPass } from './pass.ts'
import { distinctExperts, passWork } from './pass-work.ts'
import { bytesOf, flopsOf } from './place-work.ts'
import { runWeights } from './placed-weights.ts'
import type { SpeedRun } from './run.ts'

const dense = llamaModel(llama8b)
const experts = llamaModel(mixture)
const settings: RunSettings = { ...requestDefaults, outputsMax: 1, pipelineAllowed: true }

interface Options {
  readonly layers?: readonly number[]
  readonly devices?: number
  readonly expertsOnHost?: number
  readonly settings?: Partial<RunSettings>
  readonly flashAttention?: boolean
}

function runOf(model: Model, options: Options = {}): SpeedRun {
  const overrides = expertOverrides(options.expertsOnHost ?? 0, HOST)
  const layers = options.layers ?? Array.from({ length: model.blockCount + 1 }, () => 0)
  const layout: RunLayout = { splitMode: 'layer', deviceCount: options.devices ?? 1, layers, overrides }
  return {
    model,
    settings: { ...settings, ...options.settings },
    layout,
    resolvedFlashAttention: options.flashAttention ?? true,
    weights: runWeights(model, layout),
  }
}

const half = Array.from({ length: 33 }, (_, il) => (il < 16 ? 0 : 1))
const hostHalf = Array.from({ length: 33 }, (_, il) => (il < 16 ? HOST : 0))

const sizeOf = (model: Model, keep: (name: string) => boolean = () => true): number =>
  [...model.tensors.values()].reduce((sum, tensor) => sum + (keep(tensor.name) ? tensorBytes(tensor) : 0), 0)
const elementsOf = (model: Model, keep: (name: string) => boolean): number =>
  [...model.tensors.values()].reduce((sum, { name, shape }) => sum + (keep(name) ? elementCount(shape) : 0), 0)
const isMultiplied = (name: string): boolean => name !== 'token_embd.weight' && !name.includes('norm')
const isExpert = (name: string): boolean => name.includes('exps')

/** K and V of a block in f16: 8 heads of 128 each, twice. */
const CELL_BYTES = 2 * 8 * 128 * 2

describe('passWork', () => {
  it('reads every weight but the table of embeddings once a token', () => {
    const [device] = passWork(runOf(dense), generationPass(1, 1)).devices
    expect(device!.weightBytes).toBe(sizeOf(dense, (name) => name !== 'token_embd.weight'))
  })

  it('reads a tied table as the output matrix', () => {
    const tied = llamaModel({ ...llama8b, tied: true })
    expect(passWork(runOf(tied), generationPass(1, 1)).devices[0]!.weightBytes).toBe(sizeOf(tied))
  })

  it('reads the table in host memory where the head has no copy of it', () => {
    const tied = { ...llamaModel({ ...llama8b, tied: true }), tiedOutput: false }
    const work = passWork(runOf(tied), generationPass(1, 1))
    expect(work.host.weightBytes).toBe(sizeOf(tied, (name) => name === 'token_embd.weight'))
    expect(work.hops).toEqual([{ from: 0, to: HOST, bytes: 4096 * 4, count: 1 }])
  })

  it('reads the weights of a block as often as it runs, where they lie', () => {
    const looped = { ...dense, weightBlock: dense.weightBlock.map((_, il) => il % 16) }
    const first = sizeOf(dense, (name) => /^blk\.(\d|1[0-5])\./.test(name))
    const work = passWork(runOf(looped, { layers: half, devices: 2 }), generationPass(1, 1))
    expect(work.devices[0]!.weightBytes).toBe(2 * first)
    expect(work.devices[1]!.weightBytes).toBe(sizeOf(dense, (name) => name.startsWith('output')))
  })

  it('multiplies on the host by what no device has a kernel for, however large the batch', () => {
    const isHeld = (name: string): boolean => name.includes('ffn_down')
    const held = { ...dense, hostTensors: new Set([...dense.tensors.keys()].filter(isHeld)) }
    const work = passWork(runOf(held), promptPass(512, 512))
    expect(work.host.weightBytes).toBe(sizeOf(dense, isHeld))
    expect(work.uploadedBytes).toBe(0)
  })

  it.each([
    // Cells are padded to 256.
    [1, 256],
    [256, 256],
    [4000, 4096],
    [131072, 131072],
  ])('reads the cache of %d tokens as %d cells, and computes as much of attention', (depth, cells) => {
    const [device] = passWork(runOf(dense), generationPass(1, depth)).devices
    expect(device!.cacheBytes).toBe(32 * cells * CELL_BYTES)
    // 32 query heads of 128 meet K and V of every cell: 2 operations an element.
    expect(device!.attentionFlops).toBe(32 * 4 * 32 * 128 * cells)
  })

  it.each([
    ['q8_0', (32 * 4096 * 1024 * 34) / 32 / 1],
    ['q4_0', (32 * 4096 * 1024 * 18) / 32],
  ] as const)('reads a %s cache at its own bytes', (type, bytes) => {
    const run = runOf(dense, { settings: { cacheTypeK: type, cacheTypeV: type } })
    expect(passWork(run, generationPass(1, 4096)).devices[0]!.cacheBytes).toBe(2 * bytes)
  })

  it('writes and reads scores where no flash attention keeps them away', () => {
    const scores = (flashAttention: boolean): number =>
      passWork(runOf(dense, { flashAttention }), promptPass(512, 512)).devices[0]!.scoreBytes
    expect(scores(true)).toBe(0)
    expect(scores(false)).toBe(32 * 4 * 4 * 32 * 512 * 512)
  })

  it('computes 2 operations a weight and token, and logits for the last row only', () => {
    const output = elementsOf(dense, (name) => name === 'output.weight')
    const blocks = elementsOf(dense, isMultiplied) - output
    const work = (tokens: number) => passWork(runOf(dense), promptPass(tokens, tokens)).devices[0]!
    expect(work(512).matrixFlops).toBe(2 * blocks * 512 + 2 * output)
    expect(work(1).matrixFlops).toBe(2 * (blocks + output))
  })

  it('reads the experts in use for a token, and for a batch those that chance adds', () => {
    const size = sizeOf(experts, isExpert)
    const rest = sizeOf(experts, (name) => !isExpert(name) && name !== 'token_embd.weight')
    const [one] = passWork(runOf(experts), generationPass(1, 1)).devices
    expect(one).toMatchObject({ weightBytes: rest + size / 4, chanceBytes: 0 })
    const [eight] = passWork(runOf(experts), generationPass(8, 1)).devices
    expect(eight!.weightBytes).toBe(rest + size / 4)
    expect(eight!.chanceBytes).toBeCloseTo(size * (1 - 0.75 ** 8 - 0.25), 0)
    expect(eight!.expertFlops).toBe((8 * 2 * elementsOf(experts, isExpert)) / 4)
  })

  it('gives every device its own blocks, and sends the residual from one to the next', () => {
    const work = passWork(runOf(dense, { layers: half, devices: 2 }), promptPass(512, 512))
    const whole = passWork(runOf(dense), promptPass(512, 512))
    const sum = (of: (work: typeof whole) => number) => of(work)
    expect(sum(({ devices }) => devices.reduce((all, one) => all + bytesOf(one), 0))).toBeCloseTo(
      bytesOf(whole.devices[0]!),
      0,
    )
    expect(sum(({ devices }) => devices.reduce((all, one) => all + flopsOf(one), 0))).toBe(flopsOf(whole.devices[0]!))
    expect(work.hops).toEqual([{ from: 0, to: 1, bytes: 4096 * 4 * 512, count: 1 }])
  })

  it.each([
    // GGML_OP_OFFLOAD_MIN_BATCH is 32.
    ['31 tokens', 31, {}, 'host'],
    ['32 tokens', 32, {}, 'device'],
    ['32 tokens, told not to', 32, { opOffload: false }, 'host'],
  ] as const)('multiplies host weights for %s', (_, tokens, change, where) => {
    const run = runOf(dense, { layers: hostHalf, settings: change })
    const work = passWork(run, promptPass(tokens, tokens))
    const hostBlocks = sizeOf(dense, (name) => /^blk\.(\d|1[0-5])\.(?!.*norm)/.test(name))
    expect(work.uploadedBytes).toBe(where === 'device' ? hostBlocks : 0)
    // Attention stays with its cache.
    expect(work.host.cacheBytes).toBe(16 * 256 * CELL_BYTES)
    expect(work.host.matrixFlops > 0).toBe(where === 'host')
  })

  it('uploads nothing where there is no device', () => {
    const alone = runOf(dense, { devices: 0, layers: Array.from({ length: 33 }, () => HOST) })
    expect(passWork(alone, promptPass(512, 512))).toMatchObject({ uploadedBytes: 0, hops: [], devices: [] })
  })

  it('goes to the host and back for every block whose experts lie there', () => {
    const work = passWork(runOf(experts, { expertsOnHost: 10 }), generationPass(1, 1))
    expect(work.hops).toEqual([
      { from: 0, to: HOST, bytes: 10 * 4096 * 4, count: 10 },
      { from: HOST, to: 0, bytes: 10 * 4096 * 4, count: 10 },
    ])
    expect(work.host.weightBytes).toBe((sizeOf(experts, isExpert) * 10) / 32 / 4)
  })

  it('goes to the host and back for attention whose cache lies there', () => {
    const work = passWork(runOf(dense, { settings: { offloadKqv: false } }), generationPass(1, 4096))
    expect(work.host).toMatchObject({ weightBytes: 0, cacheBytes: 32 * 4096 * CELL_BYTES })
    expect(work.devices[0]!.cacheBytes).toBe(0)
    expect(work.hops.map(({ count }) => count)).toEqual([32, 32])
  })
})

it.each([
  [8, 2, 1, 2],
  [8, 2, 2, 3.5],
  [128, 8, 512, 128],
  [32, 4, 4, 13.242],
  // All of them are used.
  [4, 4, 3, 4],
])('of %d experts, %d a token, %d tokens choose %d', (count, used, tokens, expected) =>
  expect(distinctExperts(count, used, tokens)).toBeCloseTo(expected, 3),
)
