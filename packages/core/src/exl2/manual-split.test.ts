import { describe, expect, it } from 'vitest'
import { MIB, tokens } from '../units.ts'
import { exl2RunBytes } from './device-memory.ts'
import { LLAMA_3_8B, LLAMA_3_70B, MIXTRAL_8X7B, modelOf, TINY } from './fixtures.ts'
import type { FolderShape } from './made-folder.ts'
import { type Exl2ManualSplit, exl2ManualSplit } from './manual-split.ts'
import { exl2Modules } from './modules.ts'
import { type Exl2Settings, exl2Settings } from './settings.ts'

const split = (
  shape: FolderShape,
  gibPerDevice: readonly number[],
  maxSeqLen = shape.positions,
  more: Partial<Exl2Settings> = {},
): Exl2ManualSplit => {
  const result = exl2ManualSplit(modelOf(shape), exl2Settings(tokens(maxSeqLen), more), gibPerDevice)
  if (!result.ok) throw new Error(JSON.stringify(result.issue))
  return result.value
}

/** Modules on the host, then on every device. */
const counts = ({ places, devices }: Exl2ManualSplit): readonly number[] =>
  [-1, ...devices.keys()].map((place) => places.filter((each) => each === place).length)

// Figures of a line-by-line transcription of `set_device_map` and what it calls, made for this table.
describe('the manual split', () => {
  it.each([
    [
      '8B over two',
      LLAMA_3_8B,
      [4, 4],
      8192,
      { modules: [1, 65, 1], unused: [0.411_314_487_457_275_4, 2.625_270_664_691_925] },
    ],
    ['8B on one without a limit', LLAMA_3_8B, [99_999], 8192, { modules: [1, 66], unused: [99_994.298_304_259_78] }],
    [
      '70B over two',
      LLAMA_3_70B,
      [20, 24],
      32_768,
      { modules: [1, 93, 69], unused: [0.100_015_521_049_499_51, 8.326_750_993_728_638] },
    ],
    [
      '70B, the first smaller',
      LLAMA_3_70B,
      [16, 22],
      32_768,
      { modules: [1, 73, 89], unused: [0.118_756_771_087_646_48, 2.308_009_743_690_490_7] },
    ],
    [
      '70B past a card of none',
      LLAMA_3_70B,
      [20, 0, 24],
      32_768,
      { modules: [1, 93, 0, 69], unused: [0.100_015_521_049_499_51, -0.0546875, 8.326_750_993_728_638] },
    ],
    [
      'a mixture over two',
      MIXTRAL_8X7B,
      [14, 24],
      32_768,
      { modules: [1, 39, 27], unused: [0.368_800_640_106_201_17, 14.407_522_976_398_468] },
    ],
  ] as const)('%s', (_, shape, gib, maxSeqLen, { modules, unused }) => {
    const result = split(shape, gib, maxSeqLen)
    expect(counts(result)).toEqual(modules)
    expect(result.unusedGib).toEqual(unused)
  })

  it('counts attention in full without flash-attn', () => {
    expect(split(LLAMA_3_8B, [5.5], 8192, { flashAttention: false }).unusedGib).toEqual([0.344_690_978_527_069_1])
  })

  it('keeps the order of modules and never returns to a device', () => {
    const { places } = split(LLAMA_3_70B, [16, 22], 32_768)
    expect(places).toEqual([-1, ...Array.from({ length: 162 }, (_, module) => (module < 73 ? 0 : 1))])
  })

  it('says which module no longer fits, where, and by how much', () => {
    const result = exl2ManualSplit(modelOf(LLAMA_3_8B), exl2Settings(tokens(8192)), [2.5, 2.5])
    expect(result).toEqual({
      ok: false,
      issue: { module: 66, device: 1, requested: 1_496_551_744, capacity: 1_465_341_088 },
    })
  })

  it('onto no device fails with the first module', () => {
    const result = exl2ManualSplit(modelOf(TINY), exl2Settings(tokens(512)), [])
    expect(result).toEqual({ ok: false, issue: { module: 1, device: -1, requested: 0, capacity: 0 } })
  })
})

describe('what a manual split takes', () => {
  const { devices, hostBytes } = split(LLAMA_3_8B, [4, 4], 8192)

  it('on a device is weights, cache, buffers, passes and PyTorch’s share, each with its source', () => {
    expect(devices[0]).toEqual({
      weights: {
        bytes: 32 * (2 * 110_176_032) - 32 * 110_176_032 + 8192,
        certainty: 'exact',
        source: 'tensors of the files as make_q_matrix keeps them (exllamav2/ext.py)',
      },
      cache: { bytes: 1024 * MIB, certainty: 'exact', source: 'ExLlamaV2Cache, FP16 (exllamav2/cache.py)' },
      scratch: {
        // The widest module's slices, and two tables of 8,192 x 128 halves.
        bytes: 251_658_624 + 2 * 2 * MIB,
        certainty: 'exact',
        source: 'scratch_space_fixed of the modules, tables of prepare_sincos (exllamav2/device.py)',
      },
      activations: {
        // Two states of 2,048 x 4,096 halves; queries and outputs of 32 heads, keys and values of 8, a sum a head; cuBLAS.
        bytes: 2 * 16 * MIB + 2048 * (80 * 128 * 2 + 32 * 4) + 32 * MIB,
        certainty: 'upper-bound',
        source: 'every tensor of the widest module’s pass at once, and the workspace of cuBLAS',
      },
      allocator: {
        bytes: expect.any(Number) as number,
        certainty: 'assumed',
        source: 'replay of PyTorch’s CUDACachingAllocator over the loaded tensors',
      },
      reserve: { bytes: 0, certainty: 'exact', source: 'reserve_vram of load_autosplit (exllamav2/model.py)' },
    })
    expect(devices[0]!.allocator.bytes).toBeGreaterThan(0)
    expect(devices[0]!.allocator.bytes).toBeLessThan(64 * MIB)
  })

  it('on the device of the output layer includes its logits, fewer with a limit', () => {
    const limited = split(LLAMA_3_8B, [4, 4], 8192, { maxOutputLen: tokens(16) }).devices[1]!
    const logits = (rows: number) => rows * 128_256 * 6
    expect(devices[1]!.activations.bytes - limited.activations.bytes).toBe(logits(2048) - logits(16))
    expect(devices[1]!.cache.bytes).toBe(0)
  })

  it('in host memory is the embedding in halves', () => {
    expect(hostBytes).toBe(128_256 * 4096 * 2)
  })

  it('on an unused device is nothing', () => {
    const unused = split(LLAMA_3_70B, [20, 0, 24], 32_768).devices[1]!
    expect(exl2RunBytes(unused)).toBe(0)
  })

  it('of an architecture that is not described is assumed', () => {
    const { devices: own } = split({ ...TINY, architecture: 'NewForCausalLM' }, [1])
    expect(Object.values(own[0]!).map(({ certainty }) => certainty)).toEqual([
      'assumed',
      'assumed',
      'assumed',
      'assumed',
      'assumed',
      'exact',
    ])
  })
})

describe('modules', () => {
  it('hold what loading leaves: permutations in 16 bits and a map, none of the first for the way out', () => {
    const [, attention, feedForward] = exl2Modules(modelOf(TINY))
    const matrix = (inputs: number, outputs: number, permuted: boolean) => [
      (inputs * outputs) / 2,
      ...[(inputs / 128) * (outputs / 8) * 4, (inputs / 128) * 2, (inputs / 128) * 4],
      ...(permuted ? [2 * inputs, 2 * inputs] : []),
      4 * inputs,
    ]
    const single = (sizes: readonly number[]) => sizes.map((size) => ({ bytes: size, count: 1 }))
    expect(attention!.resident).toEqual(
      single([
        ...matrix(256, 256, true),
        ...matrix(256, 128, true),
        ...matrix(256, 128, true),
        ...matrix(256, 256, true),
        512,
      ]),
    )
    expect(feedForward!.resident).toEqual(
      single([...matrix(256, 512, true), ...matrix(256, 512, true), ...matrix(512, 256, false), 512]),
    )
  })

  it('count by their data in the file, norms by the width of the model', () => {
    const model = modelOf(TINY)
    expect(
      exl2Modules(model)
        .slice(1, 3)
        .map(({ footprint }) => footprint),
    ).toEqual([model.blocks[0]!.attention.bytes, model.blocks[0]!.feedForward.bytes])
  })

  it('of parallel blocks load as one', () => {
    expect(exl2Modules(modelOf({ ...TINY, architecture: 'CohereForCausalLM' })).map(({ kind }) => kind)).toEqual([
      'embedding',
      'parallel',
      'parallel',
      'norm',
      'head',
    ])
  })

  it('of a mixture keep a matrix of every expert, and pad no output of the router', () => {
    const { resident } = exl2Modules(modelOf({ ...TINY, experts: 3 }))[2]!
    expect(resident.filter(({ bytes: size }) => size === 3 * 256 * 2)).toEqual([{ bytes: 3 * 256 * 2, count: 1 }])
    const matrix = { bytes: (256 * 512) / 2, count: 3 }
    expect(resident.filter(({ bytes: size }) => size === matrix.bytes)).toEqual([matrix, matrix, matrix])
  })
})
