import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engines } from '../../engines/index.ts'
import { deviceId } from '../../ids.ts'
import { requestDefaults, type RunRequest } from '../../memory/settings.ts'
import { explainReason } from '../../placement/explain.ts'
import { type CardShape, llamaModel, llama8b, machineOf } from '../../placement/fixtures.ts'
import { planModel } from '../../placement/plan-model.ts'
import type { Exl2EngineId, Placement, Verdict } from '../../placement/verdict.ts'
import { bytes, gibibytes, mebibytes, tokens } from '../../units.ts'
import { exl2Engines } from '../engines/index.ts'
import { LLAMA_3_70B, LLAMA_3_8B, modelOf, TINY } from '../fixtures.ts'
import type { FolderShape } from '../made-folder.ts'
import type { Exl2Format } from '../model.ts'
import { QWEN3_235B } from './fixtures.ts'

interface Case {
  readonly shape?: FolderShape
  readonly format?: Exl2Format
  readonly engine?: Exl2EngineId
  readonly cards: readonly CardShape[]
  readonly request?: Partial<RunRequest>
}

const inputOf = ({ shape = LLAMA_3_70B, format = 'exl2', engine = 'exllamav2', cards, request }: Case) => ({
  model: modelOf(shape, format),
  machine: machineOf(cards, 128),
  engine: exl2Engines[engine],
  request: { ...requestDefaults, contextLength: tokens(8192), ...request },
})

const planned = (one: Case): Verdict => planModel(inputOf(one))

const best = (one: Case): Placement => {
  const verdict = planned(one)
  if (!verdict.fits) throw new Error(JSON.stringify(verdict.reasons))
  return verdict.best
}

const sentences = (one: Case): readonly string[] => {
  const verdict = planned(one)
  if (verdict.fits) throw new Error('it fits')
  return verdict.reasons.map((reason) => explainReason(reason, inputOf(one).machine))
}

const headrooms = ({ memory }: Placement): readonly number[] =>
  memory.filter(({ place, required }) => place.kind === 'device' && required > 0).map(({ headroom }) => headroom)

const twoCards = [{ gib: 24 }, { gib: 24 }] as const

describe('a split by hand', () => {
  it('is told in GB and leaves both cards alike', () => {
    const { exl2, split, memory, flashAttention, engineVersion } = best({ cards: twoCards })
    expect(exl2!.split).toEqual({ kind: 'manual', gigabytes: [17.5, 22.6] })
    expect(exl2!.modules).toEqual([83, 79])
    // A block's attention lies on the first card, its feed-forward on the second.
    expect(split.devices).toEqual([
      { device: deviceId('gpu-0'), layers: 42 },
      { device: deviceId('gpu-1'), layers: 39 },
    ])
    expect([flashAttention, engineVersion]).toEqual([true, '0.3'])
    const [first, second] = memory
    expect(Math.abs(first!.headroom - second!.headroom)).toBeLessThan(mebibytes(100))
    expect(first!.certainty).toEqual({ model: 'exact', context: 'exact', compute: 'assumed', overhead: 'assumed' })
    expect(first!.context + second!.context).toBe(80 * 8192 * 8 * 128 * 2 * 2)
  })

  it('keeps away from what others hold, and from a margin of its own', () => {
    const [tight, roomy] = headrooms(
      best({
        cards: [{ gib: 48, used: 20 }, { gib: 48 }],
        request: { margin: bytes(0), deviceMargins: [gibibytes(4)] },
      }),
    )
    expect(Math.abs(tight! - roomy!)).toBeLessThan(gibibytes(0.6))
    expect(planned({ cards: twoCards, request: { contextLength: tokens(32_768), margin: gibibytes(2.5) } }).fits).toBe(
      false,
    )
  })

  it('runs out at the first prompt where the load makes no pass', () => {
    const one = { shape: LLAMA_3_8B, cards: [{ gib: 24 }] }
    const [left] = headrooms(best(one)) as [number]
    const request = { margin: bytes(mebibytes(1024) + left + mebibytes(8)) }
    const pass = 'the first prompt adds 104 MiB, 104 MiB of it for a pass over 2,048 tokens'
    expect(sentences({ ...one, request })).toEqual([
      `GPU 0 (card of 24 GiB) would load with 6.03 GiB and then run out: ${pass}; 6.12 GiB are left of 24.00 GiB after a margin of 17.88 GiB; short by 8 MiB.`,
    ])
    // TabbyAPI makes that pass once it has loaded.
    expect(sentences({ ...one, request, engine: 'tabbyapi' })[0]).toMatch(/^GPU 0 \(card of 24 GiB\) needs/)
  })
})

describe('the engine’s own split', () => {
  const cards = [{ gib: 24 }, { gib: 48 }]

  it('of TabbyAPI is told the margin as its reserve, and may fill a card up to that', () => {
    const verdict = planned({ engine: 'tabbyapi', cards, request: { contextLength: tokens(32_768) } })
    if (!verdict.fits) throw new Error('it fits')
    const own = verdict.others.find(({ exl2 }) => exl2!.split.kind === 'auto')!
    expect(own.exl2!.split).toEqual({ kind: 'auto', reserve: [mebibytes(1024), mebibytes(1024)] })
    // The minimum that stays free besides until the card is full.
    expect(own.memory[0]!.headroom).toBe(mebibytes(256))
    expect(own.memory[0]!.certainty.compute).toBe('upper-bound')
  })

  it('of ExLlamaV2 keeps 192 MiB free and not the margin, so it is proposed for a smaller one only', () => {
    const kinds = (margin: number): readonly string[] => {
      const verdict = planned({ cards, request: { contextLength: tokens(32_768), margin: mebibytes(margin) } })
      if (!verdict.fits) throw new Error('it fits')
      return [verdict.best, ...verdict.others].map(({ exl2, split }) => `${exl2!.split.kind} ${split.devices.length}`)
    }
    expect(kinds(1024)).toEqual(['manual 2', 'manual 1'])
    expect(kinds(448)).toEqual(['manual 2', 'manual 1', 'auto 2'])
  })

  it('is all that TabbyAPI has for EXL3 on one card', () => {
    const { exl2, memory } = best({ engine: 'tabbyapi', format: 'exl3', shape: LLAMA_3_8B, cards: [{ gib: 24 }] })
    expect(exl2!.split).toEqual({ kind: 'auto', reserve: [mebibytes(96)] })
    expect(memory[0]!.context).toBe(gibibytes(1))
  })
})

describe('objectives', () => {
  const cards = [{ gib: 48 }, { gib: 48 }, { gib: 80 }]

  it.each([
    ['headroom', 3],
    ['fewest-devices', 1],
    ['largest-context', 1],
    ['room-for-another', 3],
  ] as const)('%s', (preference, devices) => {
    const verdict = planModel({ ...inputOf({ cards }), preference })
    expect(verdict.fits && verdict.best.split.devices.length).toBe(devices)
  })

  it('fastest reads the weights where that is quickest', () => {
    const fast = (bandwidth: number) => ({ gib: 48, changes: { memoryBandwidthBytesPerSecond: bandwidth } })
    const verdict = planModel({ ...inputOf({ cards: [fast(2e12), fast(4e11)] }), preference: 'fastest' })
    expect(verdict.fits && verdict.best.split.devices.map(({ device }) => device)).toEqual([deviceId('gpu-0')])
  })
})

describe('what is refused', () => {
  it.each<[string, Case, readonly string[]]>([
    ['EXL3 on ExLlamaV2', { cards: twoCards, format: 'exl3' }, ['exllamav2 does not read EXL3 files.']],
    ['EXL2 on ExLlamaV3', { cards: twoCards, engine: 'exllamav3' }, ['exllamav3 does not read EXL2 files.']],
    [
      'a cache type of ggml',
      { cards: twoCards, request: { cacheTypeK: 'q8_0' } },
      ['cacheTypeK = q8_0: ExLlama keeps its cache in FP16, Q8, Q6 or Q4 and knows none of ggml’s types.'],
    ],
    [
      'what no ExLlama engine does',
      { cards: twoCards, request: { offloadKqv: false, splitMode: 'tensor' } },
      [
        'offloadKqv = false: ExLlama keeps its cache on the GPUs.',
        'splitMode = tensor: tensor parallelism is not planned for ExLlama; layers lie whole on a GPU.',
      ],
    ],
    [
      'the FP8 cache with TabbyAPI',
      { cards: twoCards, engine: 'tabbyapi', request: { exl2Cache: 'FP8' } },
      ['exl2Cache = FP8: this engine has no such cache.'],
    ],
    [
      'ExLlamaV3 without flash attention',
      { cards: twoCards, engine: 'exllamav3', format: 'exl3', request: { flashAttention: 'off' } },
      ['flashAttention = off: ExLlamaV3 runs with flash attention only.'],
    ],
    [
      'values out of range',
      {
        cards: twoCards,
        request: {
          parallel: 2,
          batchSize: tokens(0),
          margin: bytes(-1),
          deviceMargins: [bytes(0.5)],
          contextLength: tokens(-1),
        },
      },
      [
        'parallel is 2; it must be a whole number from 1 to 1.',
        'batchSize is 0; it must be a whole number from 1 to 2,147,483,648.',
        'margin is -1; it must be a whole number from 0 to 1,125,899,906,842,624.',
        'deviceMargins.0 is 0.5; it must be a whole number from 0 to 1,125,899,906,842,624.',
        'A context of -1 tokens is out of range; the engine takes 0 to 2,147,483,648.',
      ],
    ],
    ['a machine without a device', { cards: [] }, ['lab has no device that this engine can use.']],
    [
      'EXL3 on cards older than Ampere',
      { cards: [{ gib: 24, architecture: '7.5' }], engine: 'exllamav3', format: 'exl3' },
      ['lab has no device that this engine can use.'],
    ],
    [
      'several slots on cards older than Ampere',
      { cards: [{ gib: 80, architecture: '7.0' }], engine: 'tabbyapi', request: { parallel: 4 } },
      ['parallel = 4: flash attention needs NVIDIA GPUs of compute capability 8.0 or newer.'],
    ],
    [
      'flash attention on cards older than Ampere',
      { cards: [{ gib: 80, architecture: '7.0' }], request: { flashAttention: 'on' } },
      ['flashAttention = on: flash attention needs NVIDIA GPUs of compute capability 8.0 or newer.'],
    ],
  ])('%s', (_, one, expected) => {
    expect(sentences(one)).toEqual(expected)
  })

  it('more slots than the script serves has one slot as its remedy', () => {
    const verdict = planned({ cards: twoCards, request: { parallel: 2 } })
    if (verdict.fits) throw new Error('it is refused')
    expect(verdict.remedies.map(({ remedy }) => remedy)).toEqual([{ code: 'reduce-parallel', parallel: 1 }])
  })

  it.each([
    ['a GGUF file on ExLlama', llamaModel(llama8b), exl2Engines.exllamav2, 'GGUF', 'exllamav2'],
    ['an EXL2 folder on llama.cpp', modelOf(TINY), engines['llama.cpp'], 'EXL2', 'llama.cpp'],
    ['an EXL3 folder on llama.cpp', modelOf(TINY, 'exl3'), engines['llama.cpp'], 'EXL3', 'llama.cpp'],
  ] as const)('%s', (_, model, engine, format, id) => {
    const { machine, request } = inputOf({ cards: twoCards })
    expect(planModel({ model, machine, request, engine })).toEqual({
      fits: false,
      reasons: [{ code: 'format-not-readable', format, engine: id }],
      remedies: [],
    })
  })
})

it('cards whose capability no tool said keep attention in full', () => {
  const { architecture: _, ...unknown } = machineOf([{ gib: 80 }], 128).devices[0]!
  const input = inputOf({ cards: [{ gib: 80 }] })
  const verdict = planModel({ ...input, machine: { ...input.machine, devices: [unknown] } })
  expect(verdict.fits && verdict.best.flashAttention).toBe(false)
  expect(best({ cards: [{ gib: 80 }] }).flashAttention).toBe(true)
})

it('plans a mixture of 128 experts over eight cards', () => {
  const cards = Array.from({ length: 8 }, () => ({ gib: 24 }))
  const { exl2, split } = best({ shape: QWEN3_235B, cards })
  expect(split.devices.reduce((sum, { layers }) => sum + layers, 0)).toBe(95)
  expect(exl2!.modules.reduce((sum, modules) => sum + modules, 0)).toBe(190)
})

describe('whatever is planned', () => {
  const card = fc.record({ gib: fc.integer({ min: 1, max: 12 }), used: fc.double({ min: 0, max: 1, noNaN: true }) })
  const some = fc.record({
    cards: fc.array(card, { minLength: 1, maxLength: 4 }),
    request: fc.record({
      contextLength: fc.integer({ min: 256, max: 40_000 }).map(tokens),
      batchSize: fc.constantFrom(256, 1000, 2048).map(tokens),
      exl2Cache: fc.constantFrom('FP16', 'Q8', 'Q4'),
      margin: fc.constantFrom(0, 512, 1024).map(mebibytes),
    }),
    engine: fc.constantFrom('exllamav2', 'exllamav3', 'tabbyapi'),
  })
  const shape = { ...LLAMA_3_8B, blocks: 12 }
  const cases = some.map((one): Case => ({ ...one, shape, format: one.engine === 'exllamav3' ? 'exl3' : 'exl2' }))

  it('places every layer and module once, within what every place has', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const verdict = planned(one)
        if (!verdict.fits) return
        for (const { exl2, split, memory } of [verdict.best, ...verdict.others]) {
          expect(split.devices.reduce((sum, { layers }) => sum + layers, 0)).toBe(13)
          expect(exl2!.modules.every((count) => count > 0)).toBe(true)
          for (const { capacity, used, margin, required } of memory.filter((place) => place.required > 0)) {
            expect(required).toBeLessThanOrEqual(capacity - used - margin)
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('offers a context that is but a page less where that is what lacks', () => {
    const one = { shape, engine: 'tabbyapi', cards: [{ gib: 6 }] } as const
    const at = (contextLength: number): Verdict =>
      planned({ ...one, request: { contextLength: tokens(contextLength) } })
    const contextOf = (verdict: Verdict): unknown =>
      !verdict.fits && verdict.remedies.find(({ remedy }) => remedy.code === 'reduce-context')?.remedy
    const longest = contextOf(at(200_000)) as { readonly contextLength: number }
    // One token more is a page more.
    expect(contextOf(at(longest.contextLength + 1))).toEqual(longest)
  })

  it('offers remedies that fit, and no context that fits when a shorter one does not', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const verdict = planned(one)
        if (verdict.fits) return
        expect(verdict.reasons.length).toBeGreaterThan(0)
        for (const { remedy, placement } of verdict.remedies) {
          expect(placement.memory.every(({ required, headroom }) => required === 0 || headroom >= 0)).toBe(true)
          if (remedy.code !== 'reduce-context') continue
          const at = (contextLength: number): boolean =>
            planned({ ...one, request: { ...one.request, contextLength: tokens(contextLength) } }).fits
          expect([at(remedy.contextLength), at(remedy.contextLength + 256)]).toEqual([true, false])
        }
      }),
      { numRuns: 30 },
    )
  })
})

it('a tiny model is held by any card', () => {
  expect(best({ shape: TINY, cards: [{ gib: 2 }], request: { contextLength: tokens(0) } }).settings.contextLength).toBe(
    512,
  )
})
