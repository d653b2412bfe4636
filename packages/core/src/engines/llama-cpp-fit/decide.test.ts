import { describe, expect, it } from 'vitest'
import { MIB } from '../../units.ts'
import type { Decision } from './decide.ts'
import { decideToy, type Toy } from './toy.ts'
import { experts } from './fixtures.ts'

const moe = { expertMib: 300, context: 4096 }

// Answers of common/fit.cpp (llama.cpp 0.5.0-dev), compiled to measure these very toys in place of a model, and how many
// dry loads it needs; one more where several sequences share a context left open, which it measures twice.
const answers: readonly (readonly [
  what: string,
  toy: Toy,
  contextLength: number,
  gpuLayers: number,
  tensorSplit: readonly number[],
  loads: number,
  overrides?: readonly string[],
])[] = [
  ['one device, less context', { freeMib: [10_000] }, 14_080, -1, [0], 2],
  ['four streams: a minimum for each, so layers give way', { freeMib: [10_000], sequences: 4 }, 16_384, 11, [0], 6],
  ['four sequences in one stream', { freeMib: [10_000], sequences: 4, unified: true }, 14_080, -1, [0], 2],
  ['least context, layers on the host', { freeMib: [4000] }, 4096, 6, [0], 6],
  ['a context that was asked for stays', { freeMib: [6000], context: 16_384 }, 16_384, 6, [0], 5],
  ['-c 0 by the user keeps the trained context', { freeMib: [6000], contextMin: 2 ** 32 - 1 }, 32_768, 4, [0], 6],
  ['trained for less than the minimum', { freeMib: [4000], contextTrained: 2048 }, 2048, 7, [0], 5],
  ['two devices, less context', { freeMib: [6000, 6000] }, 15_104, 13, [6, 7], 8],
  ['enough in total, but one device lacks', { freeMib: [9000, 1500, 10_000] }, 32_768, 13, [6, 0, 7], 8],
  ['one MiB short of the margin', { freeMib: [6167], context: 4096 }, 4096, 12, [0], 4],
  ['two devices, layers on the host', { freeMib: [3000, 2600], context: 8192 }, 8192, 4, [2, 2], 8],
  ['nothing fits the last device', { freeMib: [8000, 2400, 1500], context: 8192 }, 8192, 13, [11, 2, 0], 8],
  ['less free than the margin', { freeMib: [900, 1200], context: 8192 }, 8192, 0, [0, 0], 6],
  // -ngl is counted from the end, where the blocks that do not run lie: one layer on the devices is empty.
  ['blocks that do not run', { freeMib: [4000, 4200], context: 8192, extraBlocks: 1 }, 8192, 10, [4, 6], 8],
  [
    'recurrent states lessen what is free',
    { freeMib: [4000], context: 4096, cacheBytesPerToken: 0, stateMib: 100 },
    4096,
    3,
    [0],
    5,
  ],
  [
    'recurrent states on two devices',
    { freeMib: [3800, 3900], context: 4096, cacheBytesPerToken: 0, stateMib: 100 },
    4096,
    9,
    [4, 5],
    8,
  ],
  ['a split by the user is kept on one device', { freeMib: [3000], tensorSplit: [3] }, 4096, 3, [3], 6],
  [
    'experts to the host, one layer in part',
    { freeMib: [9000], ...moe },
    4096,
    13,
    [0],
    9,
    [String.raw`blk\.4\.ffn_down.*=CPU`, ...experts(5, 12)],
  ],
  [
    'a part of a layer to the next device',
    { freeMib: [6000, 7000], ...moe },
    4096,
    13,
    [4, 9],
    14,
    [String.raw`blk\.3\.ffn_down.*=CUDA1`, String.raw`blk\.7\.ffn_(gate|gate_up|down).*=CPU`, ...experts(8, 12)],
  ],
  [
    'attention alone of one more layer',
    { freeMib: [5350, 6150], ...moe },
    4096,
    13,
    [4, 9],
    13,
    [String.raw`blk\.3\.ffn_(gate|up|gate_up|down).*=CUDA1`, String.raw`blk\.5\.ffn_down.*=CPU`, ...experts(6, 12)],
  ],
  [
    'attention and up of one more layer',
    { freeMib: [5700, 6600], ...moe },
    4096,
    13,
    [4, 9],
    14,
    [String.raw`blk\.3\.ffn_(gate|gate_up|down).*=CUDA1`, String.raw`blk\.6\.ffn_down.*=CPU`, ...experts(7, 12)],
  ],
  [
    'a mixture with less context, on two devices',
    { freeMib: [9500, 9000], expertMib: 300 },
    7936,
    13,
    [7, 6],
    13,
    [String.raw`blk\.6\.ffn_(gate|up|gate_up|down).*=CUDA1`],
  ],
  [
    'a device that holds no part of a layer',
    { freeMib: [2500, 5000, 3300, 4000], ...moe },
    4096,
    13,
    [1, 3, 2, 7],
    22,
    [String.raw`blk\.0\.ffn_down.*=CUDA1`, ...experts(5, 5), ...experts(7, 12)],
  ],
  [
    'a mixture whose dense part is too large',
    { freeMib: [2400, 2300], expertMib: 300, context: 8192 },
    8192,
    3,
    [2, 1],
    9,
    experts(10, 11),
  ],
  [
    // The search in front begins at the last device that holds layers, and here that is none.
    'a last device with less than the margin keeps every expert on the host',
    { freeMib: [20_000, 900], ...moe },
    4096,
    13,
    [13, 0],
    6,
    experts(0, 12),
  ],
  // Six layers take 2848 MiB with the uploads of the rest.
  ['layers to the byte', { freeMib: [2848 + 1024], context: 4096 }, 4096, 6, [0], 5],
  ['the least context to the byte is not what ends a fit', { freeMib: [6168] }, 4096, 13, [0], 4],
  // The step is negative, wraps, and becomes the widest there is: one layer less each time.
  ['less free than an empty device takes', { freeMib: [100], context: 8192 }, 8192, 0, [0], 15],
  [
    'a part of a layer must leave more than the margin',
    { freeMib: [7881.5 + 1024], ...moe },
    4096,
    13,
    [0],
    9,
    [String.raw`blk\.4\.ffn_(gate|gate_up|down).*=CPU`, ...experts(5, 12)],
  ],
  [
    'layers taken from one device after another',
    { freeMib: [8600, 7800, 3100, 3500], ...moe },
    4096,
    13,
    [7, 5, 0, 1],
    20,
    [String.raw`blk\.6\.ffn_(gate|up|gate_up|down).*=CUDA1`, String.raw`blk\.11\.ffn_down.*=CUDA2`],
  ],
]

const cases = answers.map(([what, toy, contextLength, gpuLayers, tensorSplit, loads, overrides = []]) => ({
  what,
  toy,
  loads,
  expected: { outcome: 'fitted', contextLength, gpuLayers, tensorSplit, overrides },
}))

const asText = ({ overrides, ...decision }: Decision) => ({
  ...decision,
  overrides: overrides.map(({ pattern, buffer }) => `${pattern}=${buffer}`),
})

describe('decide', () => {
  it.each([
    ['everything fits', { freeMib: [24_000] }, 32_768, [0]],
    ['it fits to the byte', { freeMib: [6168], context: 4096 }, 4096, [0]],
    ['everything fits without a margin', { freeMib: [5000, 3000], marginMib: 0, context: 4096 }, 4096, [0, 0]],
    ['all slots together fit', { freeMib: [60_000, 60_000], sequences: 4 }, 131_072, [0, 0]],
  ] as const)('changes nothing: %s', (_, toy, contextLength, tensorSplit) => {
    const expected = { outcome: 'unchanged', contextLength, gpuLayers: -1, tensorSplit, overrides: [] }
    expect(decideToy(toy).decision).toEqual(expected)
  })

  it.each(cases)('$what', ({ toy, loads, expected }) => {
    const found = decideToy(toy)
    expect(asText(found.decision)).toEqual(expected)
    expect(found.loads).toBe(loads)
  })

  // The context is reduced before llama.cpp finds that it may not place layers, and stays so.
  it.each([
    ['gpu-layers-set', { freeMib: [2000], gpuLayers: 9 }, 9, [0]],
    ['tensor-split-set', { freeMib: [3000, 3000], tensorSplit: [3, 1] }, -1, [3, 1]],
  ] as const)('%s', (failure, toy, gpuLayers, tensorSplit) => {
    const expected = { outcome: 'failed', failure, contextLength: 4096, gpuLayers, tensorSplit, overrides: [] }
    expect(decideToy(toy).decision).toEqual(expected)
  })

  // The first device takes the output layer as well, the last one's count falls below zero and wraps, and fit.cpp
  // ends in "at most 1000 model layers are supported".
  it('follows counts that wrap to the end that llama.cpp comes to', () => {
    expect(decideToy({ freeMib: [20_000, 2300, 2300], ...moe }).decision).toEqual({
      outcome: 'failed',
      failure: 'too-many-overrides',
      contextLength: 4096,
      gpuLayers: -1,
      tensorSplit: [0, 0, 0],
      overrides: [],
    })
  })

  it('owns up to arithmetic that C++ leaves undefined', () => {
    // 2^29 tokens times 2^38 bytes.
    const toy = { freeMib: [400_000, 400_000], contextTrained: 10_485_760, sequences: 64 }
    expect(() => decideToy(toy)).toThrow('fit aborted: undefined-arithmetic')
  })

  it('tells each step by its numbers', () => {
    const { steps } = decideToy({ freeMib: [4000], contextTrained: 8192 })
    const target = (4000 - 1024) * MIB
    // 400 of the output layer, 12 blocks of 250 on average, 200 of compute and 2048 bytes a token.
    const wholeMib = 400 + 12 * 250 + 200
    expect(steps).toEqual([
      {
        code: 'measured-as-asked',
        contextLength: 8192,
        devices: [{ free: 4000 * MIB, used: (wholeMib + 16 + 12 * 256) * MIB, margin: 1024 * MIB }],
        fits: false,
      },
      {
        code: 'reduced-context',
        from: 8192,
        to: 4096,
        minimum: 4096,
        usedTarget: target,
        usedBefore: (wholeMib + 16 + 12 * 256) * MIB,
        usedAtMinimum: (wholeMib + 8 + 12 * 128) * MIB,
      },
      {
        code: 'filled-device',
        device: 0,
        layers: 6,
        layersLeft: 13,
        expertsOnHost: false,
        // Uploads of host weights take 300 more; blocks 7 to 11 weigh 250, 300, 200, 250 and 300, block 6 200.
        used: (400 + 1300 + 300 + 208 + 5 * 128) * MIB,
        target,
        tried: [
          { layers: 13, used: (wholeMib + 8 + 12 * 128) * MIB, fits: false },
          { layers: 7, used: (400 + 1500 + 300 + 208 + 6 * 128) * MIB, fits: false },
          { layers: 6, used: (400 + 1300 + 300 + 208 + 5 * 128) * MIB, fits: true },
        ],
      },
    ])
  })
})
