import { describe, expect, it } from 'vitest'
import { requestDefaults, type RunRequest } from '../../memory/settings.ts'
import type { Model } from '../../model/model.ts'
import { llama8b, llamaModel, machineOf } from '../../placement/fixtures.ts'
import { plan } from '../../placement/plan.ts'
import { engineAlone } from '../../placement/engine-alone.ts'
import { gibibytes, tokens } from '../../units.ts'
import type { Engine } from '../engine.ts'
import { ollama } from './ollama.ts'
import { ollamaEarlier } from './ollama-earlier.ts'

const model = llamaModel(llama8b)
const ask = (changes: Partial<RunRequest> = {}): RunRequest => ({
  ...requestDefaults,
  contextLength: tokens(8192),
  ...changes,
})
const refused = (engine: Engine, changes: Partial<RunRequest>, about: Partial<Model> = {}): readonly string[] =>
  engine
    .refusals({ ...model, ...about }, machineOf([{ gib: 24 }]), ask(changes))
    .map((reason) => (reason.code === 'setting-not-supported' ? `${reason.setting}: ${reason.because}` : reason.code))

describe('settings', () => {
  it.each<readonly [Engine, Partial<RunRequest>, object]>([
    // num_batch is batch and ubatch, and of the two the ubatch counts.
    [ollama, { parallel: 3 }, { contextLength: 8190, batchSize: 512, ubatchSize: 512, outputsMax: 3 }],
    [ollama, { contextLength: tokens(0), parallel: 2 }, { contextLength: 131_072, parallel: 2 }],
    [ollama, { contextLength: tokens(1) }, { contextLength: 4 }],
    [ollama, {}, { llamaCppBuild: 10_091, flashAttention: 'auto', kvUnified: false }],
    // n_batch is num_batch for each slot, and n_ubatch stays at 512.
    [ollamaEarlier, { parallel: 4 }, { contextLength: 8192, batchSize: 2048, ubatchSize: 512, outputsMax: 0 }],
    [ollamaEarlier, { ubatchSize: tokens(128) }, { batchSize: 128, ubatchSize: 128 }],
    [ollamaEarlier, { ubatchSize: tokens(2048) }, { batchSize: 512, ubatchSize: 512 }],
    [ollamaEarlier, {}, { llamaCppBuild: 5160, flashAttention: 'off', kvUnified: true }],
    [ollamaEarlier, { flashAttention: 'on' }, { flashAttention: 'on' }],
  ])('%# of $version with %j', (engine, changes, expected) => {
    expect(engine.settings(ask(changes), model)).toMatchObject(expected)
  })
})

describe('refusals', () => {
  const ONE_SLOT = 'parallel: one-slot-only-for-architecture'
  const q8 = { cacheTypeK: 'q8_0', cacheTypeV: 'q8_0' } as const

  it.each<readonly [Partial<RunRequest>, readonly string[]]>([
    [{}, []],
    [{ kvUnified: true }, []],
    [{ ...q8, flashAttention: 'on' }, []],
    [
      { cacheTypeK: 'bf16', cacheTypeV: 'q5_1', flashAttention: 'on' },
      [
        'cacheTypeK: not-offered-by-engine',
        'cacheTypeV: not-offered-by-engine',
        'cacheTypeV: cache-types-must-be-equal',
      ],
    ],
    [{ cacheTypeV: 'q8_0', flashAttention: 'on' }, ['cacheTypeV: cache-types-must-be-equal']],
    [{ splitMode: 'row' }, ['splitMode: not-offered-by-engine']],
    [{ splitMode: 'tensor' }, ['splitMode: not-offered-by-engine']],
    [
      { offloadKqv: false, opOffload: false, swaFull: true, kvUnified: true, parallel: 2 },
      ['offloadKqv', 'opOffload', 'swaFull', 'kvUnified'].map((setting) => `${setting}: not-offered-by-engine`),
    ],
    [{ contextLength: tokens(131_073) }, ['context-beyond-limit']],
    [{ contextLength: tokens(262_144), parallel: 2 }, []],
    [{ parallel: 0 }, ['value-out-of-range']],
    [{ parallel: 2 ** 40 }, ['value-out-of-range']],
    [{ contextLength: tokens(Number.NaN) }, ['context-beyond-limit']],
    [{ ubatchSize: tokens(-1) }, ['value-out-of-range']],
  ])('of %j, by both versions', (changes, expected) => {
    expect([refused(ollama, changes), refused(ollamaEarlier, changes)]).toEqual([expected, expected])
  })

  it.each<readonly [Partial<RunRequest>, now: readonly string[], earlier: readonly string[]]>([
    [q8, [], ['cacheTypeK: quantized-cache-dropped-without-flash-attention']],
    [
      { ...q8, flashAttention: 'off' },
      ['cacheTypeV: quantized-v-needs-flash-attention'],
      ['cacheTypeV: quantized-v-needs-flash-attention', 'cacheTypeK: quantized-cache-dropped-without-flash-attention'],
    ],
    [{ parallel: 100, contextLength: tokens(100_000) }, [], ['value-out-of-range']],
  ])('of %j, by each version', (changes, now, earlier) => {
    expect([refused(ollama, changes), refused(ollamaEarlier, changes)]).toEqual([now, earlier])
  })

  it.each<readonly [architecture: string, parallel: number, now: readonly string[], earlier: readonly string[]]>([
    ['no-such', 1, ['architecture-not-supported'], ['architecture-not-supported']],
    ['gpt-oss', 1, [], ['architecture-not-supported']],
    ['qwen3next', 1, [], ['architecture-not-supported']],
    ['qwen3next', 2, [ONE_SLOT], ['architecture-not-supported']],
    ['gemma3', 2, [], []],
    ['mistral3', 1, [], []],
    ['mllama', 2, ['architecture-not-supported', ONE_SLOT], [ONE_SLOT]],
  ])('of a %s with %d slots', (architecture, parallel, now, earlier) => {
    const about = { architecture }
    expect([refused(ollama, { parallel }, about), refused(ollamaEarlier, { parallel }, about)]).toEqual([now, earlier])
  })

  it('of a quantized cache for heads of unequal width, which 0.6 keeps from flash attention', () => {
    const about = { keyLength: 192, valueLength: 128 }
    expect(refused(ollamaEarlier, { ...q8, flashAttention: 'on' }, about)).toEqual([
      'cacheTypeK: quantized-cache-dropped-without-flash-attention',
    ])
  })
})

it.each<readonly [Engine, RunRequest['flashAttention'], readonly string[]]>([
  [ollama, 'auto', ['f16', 'q8_0', 'q4_0']],
  [ollama, 'off', ['f16']],
  [ollamaEarlier, 'auto', ['f16']],
  [ollamaEarlier, 'on', ['f16', 'q8_0', 'q4_0']],
])('cache types %#', (engine, flashAttention, types) => {
  const pairs = engine.cachePairs(model, ask({ flashAttention }), 'cuda')
  expect(pairs).toEqual(types.map((type) => ({ cacheTypeK: type, cacheTypeV: type })))
})

describe('a plan', () => {
  const machine = machineOf([{ gib: 8 }, { gib: 12 }], 64)

  it('shows Ollama the cards that lead it to the layers it wants', () => {
    const verdict = plan({ model, machine, engine: ollama, request: ask({ margin: gibibytes(1) }) })
    expect(verdict.fits && [verdict.best.engineVersion, verdict.best.split.devices]).toEqual([
      '0.31',
      [{ device: 'gpu-1', layers: 33 }],
    ])
  })

  it('refuses before it places anything', () => {
    const verdict = plan({ model, machine, engine: ollamaEarlier, request: ask({ splitMode: 'row' }) })
    expect(verdict).toEqual({
      fits: false,
      reasons: [
        {
          ...{ code: 'setting-not-supported', setting: 'splitMode', value: 'row' },
          because: 'not-offered-by-engine',
        },
      ],
      remedies: [],
    })
  })

  it('knows the context that Ollama would take by itself', () => {
    const alone = engineAlone({ model, machine, engine: ollama, request: ask({ contextLength: tokens(0) }) })
    expect(alone?.placement.settings.contextLength).toBe(4096)
    const older = engineAlone({ model, machine, engine: ollamaEarlier, request: ask({ contextLength: tokens(0) }) })
    expect(older?.placement.settings.contextLength).toBe(4096)
  })
})
