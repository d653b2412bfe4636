import { describe, expect, it } from 'vitest'
import { type RunRequest, requestDefaults } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import { llama8b, llamaModel, machineOf, mixture } from '../placement/fixtures.ts'
import { plan } from '../placement/plan.ts'
import type { Placement } from '../placement/verdict.ts'
import { gibibytes, tokens } from '../units.ts'
import { engines } from './index.ts'
import { parseLlamaServer } from './llama-cpp-arguments.ts'

const engine = engines['llama.cpp']
const model = llamaModel(llama8b)
const ask = (changes: Partial<RunRequest> = {}): RunRequest => ({
  ...requestDefaults,
  contextLength: tokens(8192),
  ...changes,
})

const refused = (changes: Partial<RunRequest>, about: Partial<Model> = {}): readonly unknown[] =>
  engine
    .refusals({ ...model, ...about }, machineOf([{ gib: 24 }]), ask(changes))
    .map((reason) => (reason.code === 'setting-not-supported' ? reason.because : reason.code))

describe('settings', () => {
  it('asks for one row of logits a slot, as llama-server does', () => {
    expect(engine.settings(ask({ parallel: 4 }), model).outputsMax).toBe(4)
    expect(engine.settings(ask({ parallel: 8, batchSize: tokens(2) }), model).outputsMax).toBe(2)
  })

  it('states the trained context where none was asked for', () => {
    expect(engine.settings(ask({ contextLength: tokens(0) }), model).contextLength).toBe(131072)
  })
})

describe('refusals', () => {
  it.each([
    [{}, []],
    [{ cacheTypeV: 'q8_0' as const }, []],
    [{ cacheTypeV: 'q8_0' as const, flashAttention: 'off' as const }, ['quantized-v-needs-flash-attention']],
    [{ cacheTypeK: 'q8_0' as const, flashAttention: 'off' as const }, []],
    [{ splitMode: 'row' as const }, ['row-split-needs-split-buffers']],
    [
      { splitMode: 'tensor' as const, cacheTypeK: 'q4_0' as const, flashAttention: 'off' as const },
      ['tensor-split-needs-unquantized-cache', 'tensor-split-needs-flash-attention'],
    ],
    [{ parallel: 0 }, ['value-out-of-range']],
    [{ parallel: 257 }, ['value-out-of-range']],
    [
      { parallel: 1.5, ubatchSize: tokens(Number.NaN), margin: gibibytes(-1) },
      ['value-out-of-range', 'value-out-of-range', 'value-out-of-range'],
    ],
    [{ contextLength: tokens(2 ** 31) }, ['context-beyond-limit']],
    [{ contextLength: tokens(-1) }, ['context-beyond-limit']],
    [{ contextLength: tokens(Number.POSITIVE_INFINITY) }, ['context-beyond-limit']],
  ])('of %j are %j', (changes, expected) => {
    expect(refused(changes)).toEqual(expected)
  })

  it('names an architecture that this version does not load', () => {
    expect(refused({}, { architecture: 'clip' })).toEqual(['architecture-not-supported'])
  })

  it('runs PLM without flash attention only', () => {
    const plm = { architecture: 'plm' }
    expect(refused({}, plm)).toEqual(['flash-attention-not-supported-by-architecture'])
    expect(refused({ flashAttention: 'off' }, plm)).toEqual([])
  })

  it('cuts no model in split mode tensor whose blocks run several times', () => {
    const looped: Partial<Model> = { weightBlock: [0, 0] }
    expect(refused({ splitMode: 'tensor' }, looped)).toEqual(['tensor-split-not-implemented-for-architecture'])
    expect(refused({ splitMode: 'tensor' }, { ...looped, tensorSplit: 'mirrored' })).toEqual([])
  })

  it('keeps both cache types equal for MLA, where one latent stands for both', () => {
    const mla: Partial<Model> = { hyperparameter: (key) => (key.endsWith('_length_mla') ? 192 : undefined) }
    expect(refused({ cacheTypeK: 'q8_0' }, mla)).toEqual(['mla-needs-equal-cache-types'])
    expect(refused({ cacheTypeK: 'q8_0', cacheTypeV: 'q8_0' }, mla)).toEqual([])
  })

  it('wants whole blocks in every head, with flash attention', () => {
    const odd: Partial<Model> = { keyLength: 80, keyLengthSwa: 80, valueLength: 80, valueLengthSwa: 80 }
    expect(refused({ cacheTypeK: 'q8_0', cacheTypeV: 'q8_0' }, odd)).toEqual([
      'cache-block-does-not-divide-head',
      'cache-block-does-not-divide-head',
    ])
    expect(refused({}, odd)).toEqual([])
    expect(refused({ cacheTypeK: 'q8_0', flashAttention: 'off' }, odd)).toEqual([])
  })

  it('wants a unified cache for several slots of a model with an indexer', () => {
    const indexed: Partial<Model> = {
      contexts: [{ kind: 'latent', latentWidth: 576, indexerWidth: 128, windowed: false }],
    }
    expect(refused({ parallel: 2 }, indexed)).toEqual(['streams-not-supported-by-architecture'])
    expect(refused({ parallel: 2, kvUnified: true }, indexed)).toEqual([])
    expect(refused({ parallel: 1 }, indexed)).toEqual([])
  })

  it('leaves flash attention to auto where the architecture rules it out', () => {
    expect(refused({ cacheTypeV: 'q8_0' }, { withoutFlashAttention: true })).toEqual([
      'quantized-v-needs-flash-attention',
    ])
  })

  it('does not cut blocks without KV heads', () => {
    const { contexts } = model
    const none = { kind: 'attention', keyWidth: 0, valueWidth: 0, windowed: false } as const
    expect(refused({ splitMode: 'tensor' }, { contexts: [...contexts, none] })).toEqual([
      'tensor-split-not-implemented-for-architecture',
    ])
  })

  it('says which architectures split mode tensor lacks', () => {
    expect(refused({ splitMode: 'tensor' }, { architecture: 'deepseek2' })[0]).toBe(
      'tensor-split-not-implemented-for-architecture',
    )
  })
})

function placed(one: Model, machine = machineOf([{ gib: 24 }, { gib: 24 }]), request = ask()): Placement {
  const verdict = plan({ model: one, machine, engine, request })
  if (!verdict.fits) throw new Error(JSON.stringify(verdict.reasons))
  return verdict.best
}

describe('launch', () => {
  const machine = machineOf([{ gib: 24 }, { gib: 24 }])
  const source = { kind: 'path', path: '/models/llama.gguf' } as const

  it('states everything that the plan decided', () => {
    const { environment, program, arguments: list } = engine.launch({ placement: placed(model), machine, source })
    expect(program).toBe('llama-server')
    expect(environment.map(({ name }) => name)).toEqual(['CUDA_DEVICE_ORDER', 'CUDA_VISIBLE_DEVICES'])
    expect(list.join(' ')).toBe(
      '-m /models/llama.gguf -c 8192 -np 1 --no-kv-unified -b 2048 -ub 512 -fa on -ctk f16 -ctv f16 --kv-offload ' +
        '--op-offload -ngl 33 -sm layer -ts 17,16 --fit off',
    )
  })

  it('runs one device by split mode none', () => {
    const one = machineOf([{ gib: 24 }])
    const { arguments: list } = engine.launch({ placement: placed(model, one), machine: one, source })
    expect(list.join(' ')).toContain('-ngl 33 -sm none -mg 0 --fit off')
  })

  it('reads back as what was asked for', () => {
    const request = ask({
      parallel: 3,
      kvUnified: true,
      cacheTypeK: 'q8_0',
      cacheTypeV: 'q4_0',
      swaFull: true,
      offloadKqv: false,
      opOffload: false,
    })
    const big = machineOf([{ gib: 24 }, { gib: 24 }], 256)
    const { arguments: list } = engine.launch({ placement: placed(model, big, request), machine: big, source })
    expect(parseLlamaServer(list)).toMatchObject({
      ok: true,
      value: {
        modelPath: '/models/llama.gguf',
        contextLength: 8192,
        parallel: 3,
        kvUnified: true,
        cacheTypeK: 'q8_0',
        cacheTypeV: 'q4_0',
        swaFull: true,
        offloadKqv: false,
        opOffload: false,
        gpuLayers: 33,
        fit: false,
      },
    })
  })

  it('names a model of the hub and leaves its projector out', () => {
    const hub = { kind: 'hub', repository: 'org/repo-GGUF', quantization: 'Q4_K_M' } as const
    const { arguments: list } = engine.launch({ placement: placed(model), machine, source: hub })
    expect(list.slice(0, 3)).toEqual(['-hf', 'org/repo-GGUF:Q4_K_M', '--no-mmproj'])
    const file = engine.launch({ placement: placed(model), machine, source: { ...hub, file: 'a.gguf' } })
    expect(file.arguments.slice(2, 4)).toEqual(['-hff', 'a.gguf'])
  })

  it('keeps experts on the host by --n-cpu-moe, and the prompt cache within what the host has left', () => {
    const one = machineOf([{ gib: 24 }], 12)
    const placement = placed(llamaModel(mixture), one)
    const parsed = parseLlamaServer(engine.launch({ placement, machine: one, source }).arguments)
    if (!parsed.ok) throw new Error(parsed.issue.argument)
    expect(parsed.value.expertsOnHost).toBe(placement.split.expertsOnHost)
    const host = placement.memory.at(-1)!
    expect(host.headroom).toBeLessThan(gibibytes(8))
    expect(parsed.value.cacheRamMib! * 2 ** 20).toBeLessThanOrEqual(host.headroom)
  })

  it('turns pipeline parallelism off by an override that finds no tensor', () => {
    const placement = placed(model)
    const off = { ...placement, split: { ...placement.split, overrides: [{ pattern: 'pipeline-off', place: -1 }] } }
    const parsed = parseLlamaServer(engine.launch({ placement: off, machine, source }).arguments)
    expect(parsed.ok && parsed.value.overrides).toEqual([{ pattern: 'pipeline-off', bufferType: 'CPU' }])
    expect([...model.tensors.keys()].some((name) => /pipeline-off/.test(name))).toBe(false)
  })

  it('names the buffers of the backend that runs', () => {
    const overrides = [{ pattern: 'ffn_up', place: 1 }]
    const vulkan = machineOf([
      { gib: 24, backend: 'vulkan' },
      { gib: 24, backend: 'vulkan' },
    ])
    const placement = placed(model)
    const moved = { ...placement, split: { ...placement.split, overrides } }
    expect(engine.launch({ placement: moved, machine, source }).arguments).toContain('ffn_up=CUDA1')
    expect(engine.launch({ placement: moved, machine: vulkan, source }).arguments).toContain('ffn_up=Vulkan1')
  })

  it('refuses a placement of another machine, and a pattern that the flag would cut', () => {
    const placement = placed(model)
    expect(() => engine.launch({ placement, machine: machineOf([{ gib: 24 }]), source })).toThrow('gpu-1')
    const wrong = { ...placement, split: { ...placement.split, overrides: [{ pattern: 'a,b', place: 1 }] } }
    expect(() => engine.launch({ placement: wrong, machine, source })).toThrow('a,b')
  })
})
