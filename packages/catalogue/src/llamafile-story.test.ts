import {
  bytes,
  describeModel,
  type Device,
  deviceId,
  engineOf,
  explainModelMemory,
  explainReason,
  gibibytes,
  judge,
  type LayerSplit,
  type Machine,
  machineId,
  mebibytes,
  type Mix,
  type Model,
  type PlaceMemory,
  plan,
  type Reason,
  requestDefaults,
  type RunRequest,
  tokens,
} from '@berth/core'
import { describe, expect, it } from 'vitest'
import { catalogueHeader } from './catalogue-model.ts'
import { findCatalogueModel } from './models/models.ts'

/**
 * github.com/mozilla-ai/llamafile/issues/598 (October 2024): llamafile 0.8.14 with `-ngl 999` loads Llama 3.2 3B in Q8_0 on
 * a GTX 1070 and crashes in f16: "failed to allocate CUDA0 buffer of size 1056964608".
 */
const engine = engineOf('llamafile', '0.8.14')!
const FAILED = 1_056_964_608

const modelOf = (mix: Mix): Model => {
  const described = describeModel(catalogueHeader(findCatalogueModel('llama-3.2-3b')!, mix))
  if (!described.ok) throw new Error(described.issue.code)
  return described.value
}
const f16 = modelOf('F16')

const card: Device = {
  id: deviceId('gpu-0'),
  index: 0,
  name: 'NVIDIA GeForce GTX 1070',
  backend: 'cuda',
  memoryTotal: gibibytes(8),
  memory: { reported: { bytes: gibibytes(8), provenance: 'typed' } },
  unified: false,
  architecture: '6.1',
}
const machineWith = (used: number): Machine => ({
  id: machineId('desktop'),
  name: 'desktop',
  devices: [{ ...card, memoryUsed: bytes(used) }],
  links: [],
  hostMemoryTotal: gibibytes(32),
})
const request: RunRequest = { ...requestDefaults, contextLength: tokens(8192), margin: bytes(0) }

const allLayers: LayerSplit = {
  devices: [{ device: card.id, layers: f16.blockCount + 1 }],
  ...{ hostBlocks: 0, expertsOnHost: 0, overrides: [] },
}

/** All layers on the card: what they take of it, and what stands against them. */
function loadedWhole(
  model: Model,
  used: number,
  changes: Partial<RunRequest> = {},
  by = engine,
): { readonly memory: PlaceMemory; readonly reasons: readonly Reason[] } {
  const asked = { ...request, ...changes }
  const judged = judge({ model, machine: machineWith(used), engine: by, request: asked, split: allLayers })
  return { memory: judged.placement!.memory[0]!, reasons: judged.reasons }
}

describe('the buffer that llamafile 0.8.14 could not allocate', () => {
  const { memory: whole } = loadedWhole(f16, 0)

  it('is the compute buffer, to the byte', () => {
    expect(whole).toMatchObject({ model: 5_637_845_248, context: 939_524_096, compute: FAILED })
  })

  it('holds the tied matrix, the logits of a ubatch and its hidden state', () => {
    const answer = explainModelMemory({ model: f16, engine, request, capability: '8.6' })
    if (!answer.ok) throw new Error(answer.issue.join(' '))
    const [buffer] = answer.value.groups.find(({ part }) => part === 'compute')!.figures
    expect(buffer!.lines.filter((line) => line.bytes !== undefined)).toEqual([
      { text: 'copy of token_embd: 3,072 × 128,256 in f16', bytes: 788_004_864 },
      { text: 'MUL_MAT: 128,256 × 512 in f32', bytes: 262_668_288 },
      { text: 'MUL with output_norm: 3,072 × 512 in f32', bytes: 6_291_456 },
    ])
    expect(buffer!.device).toBe(FAILED)
    expect(788_004_864 + 262_668_288 + 6_291_456).toBe(FAILED)
  })

  // A display and a browser hold as much; the thread does not tell. Below, it loads; above, the cache does not fit either.
  it.each([
    [640, true, false],
    [1024, true, false],
    [1500, true, false],
    [512, true, true],
    [1700, false, false],
  ])('with %d MiB held by others, weights and cache fit: %s; the compute buffer too: %s', (used, before, after) => {
    const left = card.memoryTotal - mebibytes(used)
    const loaded = whole.required - whole.atFirstPrompt
    expect(loaded - FAILED <= left).toBe(before)
    expect(loaded <= left).toBe(after)
  })

  it('is named among what the card lacks', () => {
    const { reasons } = loadedWhole(f16, mebibytes(1024))
    expect(reasons).toHaveLength(1)
    expect(explainReason(reasons[0]!, machineWith(mebibytes(1024)))).toMatch(
      /^GPU 0 \(NVIDIA GeForce GTX 1070\) needs [\d.]+ GiB; 7\.00 GiB are left of 8\.00 GiB/,
    )
  })
})

describe('what does fit beside 1 GiB of others', () => {
  const used = mebibytes(1024)

  it('Q8_0, all of it', () => {
    const { memory, reasons } = loadedWhole(modelOf('Q8_0'), used)
    expect(reasons).toEqual([])
    // The matrix that is copied is half as large.
    expect(memory.compute).toBe((788_004_864 / 32) * 17 + 262_668_288 + 6_291_456)
  })

  it('f16 with 19 of its 29 layers', () => {
    const verdict = plan({ model: f16, machine: machineWith(used), engine, request })
    if (!verdict.fits) throw new Error('does not fit')
    const { split, memory } = verdict.best
    expect([split.devices[0]!.layers, split.hostBlocks]).toEqual([19, 10])
    expect(memory[0]!.compute).toBe(FAILED)
  })

  // From 32 tokens on a multiplication is worth an upload. With fewer, the host multiplies by the matrix that it holds.
  it.each([
    [256, 788_004_864 + 131_334_144 + 3_145_728, false],
    [32, 788_004_864 + 16_416_768 + 393_216, false],
    [31, 27_173_376, true],
  ])('f16 whole, at a ubatch of %d: its compute buffer is %d; fits: %s', (ubatch, compute, fits) => {
    const { memory, reasons } = loadedWhole(f16, used, { ubatchSize: tokens(ubatch) })
    expect(memory.compute).toBe(compute)
    expect(reasons.length === 0).toBe(fits)
  })
})

it('llamafile 0.10.5 keeps a copy of the matrix with the weights, and logits for one row', () => {
  const { memory } = loadedWhole(f16, 0, {}, engineOf('llamafile')!)
  expect(memory.model).toBe(5_637_845_248 + 788_004_864)
  expect(memory.compute).toBeLessThan(mebibytes(128))
})
