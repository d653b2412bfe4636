import { describe, expect, it } from 'vitest'
import { contextShape } from '../context/shape.ts'
import type { GgmlType } from '../header/ggml-type.ts'
import { estimateMemory } from '../memory/estimate.ts'
import { type RunRequest, requestDefaults } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import { llama8b, llamaModel, machineOf } from '../placement/fixtures.ts'
import type { Reason } from '../placement/verdict.ts'
import { tokens } from '../units.ts'
import type { Engine } from './engine.ts'
import { engineOf, engines } from './index.ts'

const current: Engine = engines.koboldcpp
const april = engineOf('koboldcpp', '1.63')!
const model = llamaModel(llama8b)
const ask = (changes: Partial<RunRequest> = {}): RunRequest => ({
  ...requestDefaults,
  contextLength: tokens(8192),
  ...changes,
})

const refused = (engine: Engine, changes: Partial<RunRequest>, about: Partial<Model> = {}): readonly string[] =>
  engine.refusals({ ...model, ...about }, machineOf([{ gib: 24 }]), ask(changes)).map(word)

const word = (reason: Reason): string =>
  reason.code === 'setting-not-supported'
    ? `${reason.setting} ${reason.value}: ${reason.because}`
    : reason.code === 'value-out-of-range'
      ? `${reason.setting} ${reason.minimum}..${reason.maximum}`
      : reason.code

describe('settings of 1.113.2', () => {
  it('are those that its log prints for a context of 8192', () => {
    // github.com/LostRuins/koboldcpp/issues/2330: n_ctx 8448, n_batch 1024, n_ubatch 512, one sequence, unified.
    const settings = current.settings(ask(), model)
    expect(contextShape(model, settings)).toMatchObject({
      contextLength: 8448,
      batchSize: 1024,
      ubatchSize: 512,
      sequences: 1,
      streams: 1,
      promptOutputs: 512,
    })
    expect(settings).toMatchObject({ flashAttention: 'on', kvUnified: true, pipelineCopies: 2, outputsMax: 0 })
  })

  it.each([
    [0, 131_072 + 128],
    [256, 256 + 128],
    [262_144, 262_144 + 128],
  ])('hold 128 tokens beside a context of %i', (asked, held) => {
    expect(current.settings(ask({ contextLength: tokens(asked) }), model).contextLength).toBe(held)
  })

  it('take no more of a trained context than --contextsize does', () => {
    const long = llamaModel({ ...llama8b, trained: 1_048_576 })
    expect(current.settings(ask({ contextLength: tokens(0) }), long).contextLength).toBe(262_144 + 128)
  })

  it.each([
    [8, 16],
    [16, 16],
    [500, 256],
    [512, 512],
    [8192, 4096],
  ])('cut prompts of %i tokens into batches of %i', (asked, ubatchSize) => {
    const settings = current.settings(ask({ ubatchSize: tokens(asked) }), model)
    expect(settings).toMatchObject({ ubatchSize, batchSize: 2 * ubatchSize })
  })

  it('keep two copies of every input where the pipeline runs', () => {
    const on = (pipelineCopies?: number): number => {
      const settings = {
        ...current.settings(ask({ contextLength: tokens(65_536) }), model),
        splitMode: 'layer',
      } as const
      const layers = Array.from({ length: 33 }, (_, layer) => (layer < 17 ? 0 : 1))
      const layout = { splitMode: 'layer', deviceCount: 2, layers, overrides: [] } as const
      const copies = pipelineCopies === undefined ? settings : { ...settings, pipelineCopies }
      return estimateMemory({ model, settings: copies, layout }).devices[1]!.compute
    }
    const mask = (65_536 + 256) * 512 * 4
    expect(on()).toBe(on(2))
    expect(on(4) - on(2)).toBeGreaterThan(mask)
  })
})

describe('settings of April 2024', () => {
  it('know no flash attention, and keep whole windows', () => {
    const request = ask({ flashAttention: 'auto', swaFull: false, ubatchSize: tokens(300) })
    expect(april.settings(request, model)).toMatchObject({
      ...{ contextLength: 8192 + 120, flashAttention: 'off', swaFull: true, outputsMax: 0 },
      ...{ batchSize: 256, ubatchSize: 256, parallel: 1, kvUnified: true },
    })
  })

  it.each([
    [0, 65_536],
    [300, 512],
    [8192, 8192],
    [8193, 12_288],
  ])('take the next size after a context of %i', (asked, size) => {
    expect(april.settings(ask({ contextLength: tokens(asked) }), model).contextLength).toBe(size + 120)
  })
})

const none = 'not-offered-by-engine'

describe('refusals of 1.113.2', () => {
  it.each([
    [{}, []],
    [{ cacheTypeK: 'q8_0', cacheTypeV: 'q8_0' }, []],
    [{ cacheTypeK: 'q5_1', cacheTypeV: 'q5_1' }, []],
    [{ cacheTypeK: 'q8_0' }, [`cacheTypeV f16: ${none}`]],
    [{ cacheTypeK: 'q8_0', flashAttention: 'off' }, []],
    [{ cacheTypeK: 'bf16', cacheTypeV: 'bf16', flashAttention: 'off' }, []],
    [{ cacheTypeK: 'bf16', flashAttention: 'off' }, [`cacheTypeV f16: ${none}`]],
    [
      { cacheTypeK: 'q8_0', cacheTypeV: 'q8_0', flashAttention: 'off' },
      ['cacheTypeV q8_0: quantized-v-needs-flash-attention', `cacheTypeV q8_0: ${none}`],
    ],
    [{ cacheTypeK: 'q5_0', cacheTypeV: 'q5_0' }, [`cacheTypeK q5_0: ${none}`, `cacheTypeV q5_0: ${none}`]],
    [{ opOffload: false }, [`opOffload false: ${none}`]],
    [{ splitMode: 'row' }, ['splitMode row: not-counted-for-this-version']],
    [{ splitMode: 'tensor' }, ['splitMode tensor: not-counted-for-this-version']],
    [{ parallel: 2 }, ['parallel 1..1']],
    [{ contextLength: tokens(128) }, ['contextLength 256..262144']],
    [{ contextLength: tokens(262_145) }, ['context-beyond-limit']],
  ] satisfies readonly (readonly [Partial<RunRequest>, readonly string[]])[])('of %j are %j', (changes, expected) => {
    expect(refused(current, changes)).toEqual(expected)
  })

  it('offer the cache types that one --quantkv can stand for', () => {
    const pairs = (changes: Partial<RunRequest>): readonly string[] =>
      current.cachePairs(model, ask(changes), 'cuda').map((pair) => `${pair.cacheTypeK} ${pair.cacheTypeV}`)
    expect(pairs({})).toEqual(['f16 f16', 'bf16 bf16', 'q8_0 q8_0', 'q4_0 q4_0'])
    expect(pairs({ flashAttention: 'off' })).toEqual(['f16 f16', 'bf16 bf16', 'q8_0 f16', 'q5_1 f16', 'q4_0 f16'])
  })
})

const withType = (type: GgmlType): Partial<Model> => ({
  tensors: new Map([...model.tensors].map(([name, tensor]) => [name, { ...tensor, type }])),
})

describe('refusals of April 2024', () => {
  it.each([
    [{}, {}, []],
    [{ flashAttention: 'on' }, {}, [`flashAttention on: ${none}`]],
    [{ cacheTypeK: 'q8_0', flashAttention: 'off' }, {}, [`cacheTypeK q8_0: ${none}`]],
    [{ contextLength: tokens(131_072) }, {}, ['context-beyond-limit']],
    [{}, { architecture: 'phi3' }, ['architecture-not-supported']],
    [{}, { architecture: 'gemma2' }, ['architecture-not-supported']],
    [{}, { architecture: 'command-r' }, []],
    [{}, withType('iq1_m'), []],
    [{}, withType('bf16'), ['format-not-readable']],
    [{}, withType('mxfp4'), ['format-not-readable']],
  ] satisfies readonly (readonly [Partial<RunRequest>, Partial<Model>, readonly string[]])[])(
    'of %j are %#',
    (changes, about, expected) => {
      expect(refused(april, changes, about)).toEqual(expected)
    },
  )
})
