import { describe, expect, it } from 'vitest'
import { type RunRequest, requestDefaults } from '../../memory/settings.ts'
import type { Model } from '../../model/model.ts'
import { llama8b, llamaModel, machineOf } from '../../placement/fixtures.ts'
import { layoutOf } from '../../placement/layout.ts'
import { plan } from '../../placement/plan.ts'
import { layersByFlags } from '../../placement/split.ts'
import type { Placement } from '../../placement/verdict.ts'
import { tokens } from '../../units.ts'
import type { Engine, ModelSource } from '../engine.ts'
import { engineOf } from '../index.ts'
import { parseLlamaServer } from '../llama-cpp-arguments.ts'

const current = engineOf('llamafile')!
const old = engineOf('llamafile', '0.8.14')!
const model = llamaModel(llama8b)
const ask = (changes: Partial<RunRequest> = {}): RunRequest => ({
  ...requestDefaults,
  contextLength: tokens(8192),
  ...changes,
})
const refused = (engine: Engine, changes: Partial<RunRequest>, about: Partial<Model> = {}): readonly unknown[] =>
  engine
    .refusals({ ...model, ...about }, machineOf([{ gib: 24 }]), ask(changes))
    .map((reason) => (reason.code === 'setting-not-supported' ? `${reason.setting}: ${reason.because}` : reason.code))

describe('llamafile 0.10.5', () => {
  it('runs as llama-server of its llama.cpp', () => {
    const request = ask({ parallel: 2, contextLength: tokens(0) })
    expect(current.settings(request, model)).toEqual({
      ...request,
      ...{ contextLength: 131_072, outputsMax: 2, pipelineAllowed: true, llamaCppBuild: 10_103 },
    })
  })

  it.each<readonly [changes: Partial<RunRequest>, about: Partial<Model>, expected: readonly unknown[]]>([
    [{}, {}, []],
    [{ offloadKqv: false, opOffload: false, flashAttention: 'on', cacheTypeV: 'q8_0' }, {}, []],
    [{ flashAttention: 'off', cacheTypeV: 'q8_0' }, {}, ['cacheTypeV: quantized-v-needs-flash-attention']],
    [{ splitMode: 'row' }, {}, ['splitMode: row-split-needs-split-buffers']],
    [{ splitMode: 'tensor' }, {}, ['splitMode: not-counted-for-this-version']],
    [{}, { architecture: 'laguna' }, []],
    [{}, { architecture: 'kimi-k3' }, ['architecture-not-supported']],
  ])('of %j and %j refuses %j', (changes, about, expected) => {
    expect(refused(current, changes, about)).toEqual(expected)
  })
})

describe('llamafile 0.8.14', () => {
  it('has no option for the ubatch, and reserves logits for all of it', () => {
    const request = ask({ ubatchSize: tokens(1024), kvUnified: true })
    expect(old.settings(request, model)).toEqual({
      ...request,
      ...{ batchSize: 512, ubatchSize: 512, flashAttention: 'off' },
      ...{ outputsMax: 0, pipelineAllowed: true, tiedOutputOnHost: true, llamaCppBuild: 3595 },
    })
  })

  it.each<readonly [changes: Partial<RunRequest>, about: Partial<Model>, expected: readonly unknown[]]>([
    [{}, {}, []],
    [{ flashAttention: 'on', cacheTypeV: 'q8_0' }, {}, []],
    // Without the flag it runs without.
    [{ flashAttention: 'auto', cacheTypeV: 'q8_0' }, {}, ['cacheTypeV: quantized-v-needs-flash-attention']],
    [{ splitMode: 'row' }, {}, ['splitMode: not-counted-for-this-version']],
    [{ splitMode: 'tensor' }, {}, ['splitMode: not-offered-by-engine']],
    [
      { offloadKqv: false, opOffload: false },
      {},
      ['offloadKqv: not-offered-by-engine', 'opOffload: not-offered-by-engine'],
    ],
    [{ parallel: 65 }, {}, ['value-out-of-range']],
    [{}, { architecture: 'gemma3' }, ['architecture-not-supported']],
    [{}, llamaModel({ ...llama8b, blocks: 1, type: 'mxfp4' }), ['format-not-readable']],
  ])('of %j and a changed model refuses %j', (changes, about, expected) => {
    expect(refused(old, changes, about)).toEqual(expected)
  })

  it('names what it cannot read', () => {
    const ternary = llamaModel({ ...llama8b, blocks: 1, type: 'tq2_0' })
    expect(old.refusals(ternary, machineOf([]), ask())).toEqual([
      { code: 'format-not-readable', format: 'GGUF (tq2_0)', engine: 'llamafile' },
    ])
  })
})

const source: ModelSource = { kind: 'path', path: '/models/llama 3.gguf' }
const two = machineOf([{ gib: 24 }, { gib: 24 }], 64)

function placed(engine: Engine, machine = two, request = ask(), one = model): Placement {
  const verdict = plan({ model: one, machine, engine, request })
  if (!verdict.fits) throw new Error(JSON.stringify(verdict.reasons))
  return verdict.best
}

/** What `server_params_parse` of llama.cpp/server/server.cpp, autumn 2024, takes of placement: a value or none after each. */
const serverOptions: Readonly<Record<string, (value: string) => boolean>> = {
  '--port': (value) => /^\d+$/.test(value),
  '-m': (value) => value.length > 0,
  '-c': (value) => /^\d+$/.test(value),
  '-np': (value) => /^[1-9]\d*$/.test(value),
  '-b': (value) => /^\d+$/.test(value) && Number(value) <= 512,
  '-ctk': (value) => cacheTypeNames.includes(value),
  '-ctv': (value) => cacheTypeNames.includes(value),
  '--gpu': (value) => ['auto', 'amd', 'apple', 'nvidia', 'disable'].includes(value),
  '-ngl': (value) => /^\d+$/.test(value),
  '-mg': (value) => /^\d+$/.test(value),
  '-sm': (value) => ['none', 'layer', 'row'].includes(value),
  // One share a device, 16 of them at most.
  '-ts': (value) => /^\d+(,\d+){1,15}$/.test(value),
}
const serverFlags = ['--server', '--nobrowser', '-fa']
/** `kv_cache_type_from_str` of llama.cpp/common.cpp. */
const cacheTypeNames: readonly string[] = [...['f32', 'f16', 'bf16', 'q8_0', 'q4_0', 'q4_1', 'iq4_nl', 'q5_0', 'q5_1']]

function readServer(list: readonly string[]): ReadonlyMap<string, string> {
  const read = new Map<string, string>()
  for (let at = 0; at < list.length; at++) {
    const name = list[at]!
    if (serverFlags.includes(name)) read.set(name, '')
    else {
      const value = list[++at]
      if (value === undefined || !serverOptions[name]?.(value)) throw new Error(`${name} ${value}`)
      read.set(name, value)
    }
  }
  return read
}

describe('launch of 0.8.14', () => {
  it('states everything that the plan decided, the split mode last', () => {
    const launch = old.launch({ placement: placed(old), machine: two, source })
    expect(launch).toEqual({
      environment: [
        { name: 'CUDA_DEVICE_ORDER', value: 'PCI_BUS_ID' },
        { name: 'CUDA_VISIBLE_DEVICES', value: expect.stringMatching(/^GPU-[\d-]+,GPU-[\d-]+$/) },
      ],
      program: 'llamafile',
      arguments: expect.arrayContaining(['-m', '/models/llama 3.gguf']),
      files: [],
      afterwards: [],
    })
    expect(launch.arguments.join(' ')).toBe(
      '--server --nobrowser -m /models/llama 3.gguf -c 8192 -np 1 -b 512 -ctk f16 -ctv f16 --gpu nvidia -ngl 33 ' +
        '-ts 17,16 -sm layer',
    )
  })

  it.each<readonly [what: string, gib: readonly number[], changes: Partial<RunRequest>]>([
    ['one card', [24], { flashAttention: 'on', cacheTypeK: 'q8_0', cacheTypeV: 'q4_0' }],
    ['three unequal cards', [4, 8, 6], { parallel: 3 }],
    ['blocks on the host', [4], { ubatchSize: tokens(256) }],
  ])('reads back as it was planned: %s', (_, gib, changes) => {
    const machine = machineOf(
      gib.map((size) => ({ gib: size })),
      64,
    )
    const request = ask(changes)
    const placement = placed(old, machine, request)
    const { split, settings } = placement
    const read = readServer(old.launch({ placement, machine, source }).arguments)
    expect(read.get('-c')).toBe(String(settings.contextLength))
    expect(read.get('-np')).toBe(String(request.parallel))
    expect(read.get('-b')).toBe(String(request.ubatchSize))
    expect([read.get('-ctk'), read.get('-ctv'), read.has('-fa')]).toEqual([
      request.cacheTypeK,
      request.cacheTypeV,
      request.flashAttention === 'on',
    ])
    const shares = read.get('-ts')?.split(',').map(Number) ?? [1]
    const layerCount = model.blockCount + 1
    const flags = { layerCount, gpuLayers: Number(read.get('-ngl')), shares, deviceCount: split.devices.length }
    expect(layersByFlags(flags)).toEqual(layoutOf(split).layers)
  })

  it.each([old, current])('listens beside others on a port of its own: $version', (engine) => {
    const input = { placement: placed(engine), machine: two, source }
    const portOf = (position?: number): unknown => {
      const { arguments: list } = engine.launch(position === undefined ? input : { ...input, position })
      return list.includes('--port') ? list[list.indexOf('--port') + 1] : undefined
    }
    expect([undefined, 0, 1, 2].map(portOf)).toEqual([undefined, undefined, '8081', '8082'])
  })

  it('keeps to the processor where no layer is offloaded', () => {
    const split = { devices: [], hostBlocks: model.blockCount, expertsOnHost: 0, overrides: [] }
    const { arguments: list } = old.launch({ placement: { ...placed(old), split }, machine: two, source })
    expect(list.slice(-4)).toEqual(['--gpu', 'disable', '-ngl', '0'])
  })

  it.each<readonly [source: ModelSource, path: string]>([
    [{ kind: 'hub', repository: 'org/Model-GGUF', quantization: 'Q4_K_M' }, 'Model-Q4_K_M.gguf'],
    [{ kind: 'hub', repository: 'org/Model-GGUF' }, 'Model-GGUF.gguf'],
    [{ kind: 'hub', repository: 'org/Model-GGUF', file: 'Q8_0/a.gguf' }, 'a.gguf'],
  ])('looks no repository up: %j is %s', (hub, path) => {
    const { arguments: list } = old.launch({ placement: placed(old), machine: two, source: hub })
    expect(readServer(list).get('-m')).toBe(path)
  })
})

describe('launch of 0.10.5', () => {
  it.each([
    ['cuda', 'nvidia'],
    ['rocm', 'amd'],
    ['metal', 'apple'],
    ['vulkan', 'vulkan'],
  ] as const)('is llama-server’s behind what the wrapper takes out: %s', (backend, word) => {
    const machine = machineOf([{ gib: 24, backend }], 64)
    const { program, arguments: list } = current.launch({ placement: placed(current, machine), machine, source })
    expect(program).toBe('llamafile')
    // args.cpp: `--server`, and `--gpu` with its value.
    expect(list.slice(0, 3)).toEqual(['--server', '--gpu', word])
    expect(parseLlamaServer(list.slice(3))).toMatchObject({
      ok: true,
      value: { modelPath: '/models/llama 3.gguf', contextLength: 8192, gpuLayers: 33, splitMode: 'none', fit: false },
    })
  })

  it('splits as planned', () => {
    const placement = placed(current)
    const list = current.launch({ placement, machine: two, source }).arguments.slice(3)
    const parsed = parseLlamaServer(list)
    if (!parsed.ok) throw new Error(parsed.issue.argument)
    const { gpuLayers, tensorSplit } = parsed.value
    const flags = { layerCount: 33, gpuLayers: gpuLayers!, shares: tensorSplit!, deviceCount: 2 }
    expect(layersByFlags(flags)).toEqual(layoutOf(placement.split).layers)
  })

  it('has no build for other backends', () => {
    const machine = machineOf([{ gib: 24, backend: 'sycl' }])
    const placement = placed(current, machineOf([{ gib: 24 }]))
    expect(() => current.launch({ placement, machine, source })).toThrow('card of 24 GiB')
  })
})
