import { describe, expect, it } from 'vitest'
import { machineOf } from '../placement/fixtures.ts'
import { bytes, mebibytes } from '../units.ts'
import type { SpeedBasis } from './basis.ts'
import { explainSpeed, formatSpeed } from './explain.ts'

describe('formatSpeed', () => {
  it.each([
    [28.4, 40.1, '28 to 41 tokens/s'],
    [0.304, 1.91, '0.3 to 2 tokens/s'],
    [0.0021, 0.35, '0.0021 to 0.35 tokens/s'],
    [1234, 5678, '1,200 to 5,700 tokens/s'],
    [9.96, 99.1, '9.9 to 100 tokens/s'],
    // Never one figure.
    [50.1, 50.2, '50 to 51 tokens/s'],
    [7.31, 7.32, '7.3 to 7.4 tokens/s'],
  ])('%d and %d', (low, high, text) => expect(formatSpeed({ low, high })).toBe(text))
})

describe('explainSpeed', () => {
  const machine = machineOf([{ gib: 24 }, { gib: 24 }], 64)
  const [first, second] = machine.devices.map(({ id }) => ({ kind: 'device', device: id }) as const)
  const host = { kind: 'host' } as const
  const work: SpeedBasis = {
    kind: 'work',
    phase: 'generation',
    place: first!,
    tokens: 1,
    weightBytes: mebibytes(20480),
    cacheBytes: mebibytes(1280),
    flops: 81e9,
    bound: 'memory-bandwidth',
    share: 0.502,
  }
  const upload: SpeedBasis = {
    kind: 'transfer',
    phase: 'prompt',
    from: host,
    to: first!,
    carries: 'weights',
    link: 'PCIe',
    peak: { perSecond: 31.504e9, from: 'catalogue' },
    tokens: 2048,
    bytes: mebibytes(10240),
    trips: 1,
    share: 0.874,
  }
  const peak: SpeedBasis = {
    kind: 'peak',
    place: first!,
    figure: 'memory-bandwidth',
    peak: { perSecond: 936.2e9, from: 'catalogue' },
    reached: { low: 655e9, high: 899e9 },
    measuredOn: 'RTX 3090',
  }

  const cases: readonly (readonly [string, readonly SpeedBasis[], readonly string[]])[] = [
    [
      'what a place reads and computes',
      [work],
      [
        'A token with a full context, GPU 0: 20.00 GiB of weights, 1.25 GiB of context, 81 GFLOP; bound by memory bandwidth; 50 % of the time.',
      ],
    ],
    [
      'a place without context, bound otherwise',
      [
        {
          ...work,
          phase: 'prompt',
          tokens: 512,
          place: host,
          cacheBytes: bytes(0),
          flops: 39.4e12,
          bound: 'compute',
          share: 0.001,
        },
      ],
      [
        '512 tokens of a prompt that fills the context, host: 20.00 GiB of weights, 39 TFLOP; bound by compute; under 1 % of the time.',
      ],
    ],
    [
      'what is sent',
      [
        upload,
        { ...upload, carries: 'activations', link: 'NV4', peak: { perSecond: 100e9, from: 'assumed' }, trips: 12 },
        { ...upload, from: second!, carries: 'activations', throughHost: true },
      ],
      [
        '2,048 tokens of a prompt that fills the context, host to GPU 0: 10.00 GiB of weights in 1 trip over PCIe of 32 GB/s, from the catalogue; 87 % of the time.',
        '2,048 tokens of a prompt that fills the context, host to GPU 0: 10.00 GiB of activations in 12 trips over NV4 of 100 GB/s, assumed; 87 % of the time.',
        '2,048 tokens of a prompt that fills the context, GPU 1 to GPU 0: 10.00 GiB of activations in 1 trip over PCIe through host memory of 32 GB/s, from the catalogue; 87 % of the time.',
      ],
    ],
    [
      'peaks and what is reached of them',
      [
        peak,
        {
          kind: 'peak',
          place: host,
          figure: 'compute',
          peak: { perSecond: 2.64e12, from: 'assumed' },
          reached: { low: 0.6e12, high: 2.64e12 },
        },
      ],
      [
        'GPU 0 (card of 24 GiB): memory bandwidth of 936 GB/s, from the catalogue; llama.cpp reaches 655 GB/s to 899 GB/s, as measured on RTX 3090.',
        'The host: compute of 2.6 TFLOPS, assumed; llama.cpp reaches 0.6 TFLOPS to 2.6 TFLOPS, assumed.',
      ],
    ],
    [
      'places alike in one line',
      [work, { ...work, place: second! }],
      [
        'A token with a full context, GPU 0, GPU 1: 20.00 GiB of weights, 1.25 GiB of context, 81 GFLOP; bound by memory bandwidth; 50 % of the time.',
      ],
    ],
  ]

  it.each(cases)('%s', (_, basis, lines) => expect(explainSpeed(basis, machine)).toEqual(lines))
})
