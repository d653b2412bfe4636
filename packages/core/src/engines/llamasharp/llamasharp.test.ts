import { describe, expect, it } from 'vitest'
import { HOST } from '../../memory/run-memory.ts'
import { type RunRequest, requestDefaults } from '../../memory/settings.ts'
import type { Model } from '../../model/model.ts'
import { llama8b, llamaModel, machineOf, mixture } from '../../placement/fixtures.ts'
import { layoutOf } from '../../placement/layout.ts'
import { plan } from '../../placement/plan.ts'
import { layersByFlags } from '../../placement/split.ts'
import type { Placement } from '../../placement/verdict.ts'
import { tokens } from '../../units.ts'
import type { Engine, ModelSource } from '../engine.ts'
import { engineOf } from '../index.ts'

const current = engineOf('llamasharp')!
const old = engineOf('llamasharp', '0.25.0')!
const model = llamaModel(llama8b)
const ask = (changes: Partial<RunRequest> = {}): RunRequest => ({
  ...requestDefaults,
  contextLength: tokens(8192),
  ...changes,
})

describe('settings', () => {
  it('reserve logits for every token, as nothing says how many rows are read', () => {
    const request = ask({ contextLength: tokens(0) })
    const added = { contextLength: 131_072, outputsMax: 0, pipelineAllowed: true }
    expect(current.settings(request, model)).toEqual({ ...request, ...added, llamaCppBuild: 10_221 })
    expect(old.settings(request, model)).toEqual({ ...request, ...added, flashAttention: 'off', llamaCppBuild: 5994 })
  })
})

const refused = (engine: Engine, changes: Partial<RunRequest>, about: Partial<Model> = {}): readonly unknown[] =>
  engine
    .refusals({ ...model, ...about }, machineOf([{ gib: 24 }]), ask(changes))
    .map((reason) => (reason.code === 'setting-not-supported' ? `${reason.setting}: ${reason.because}` : reason.code))

describe('refusals', () => {
  it.each<
    readonly [changes: Partial<RunRequest>, about: Partial<Model>, now: readonly string[], before: readonly string[]]
  >([
    [{}, {}, [], []],
    [{ flashAttention: 'on', cacheTypeV: 'q8_0' }, {}, [], []],
    [{ cacheTypeV: 'q8_0' }, {}, [], ['cacheTypeV: quantized-v-needs-flash-attention']],
    // `GGMLType` names neither.
    [
      { flashAttention: 'on', cacheTypeK: 'bf16', cacheTypeV: 'iq4_nl' },
      {},
      ['cacheTypeK: not-offered-by-engine', 'cacheTypeV: not-offered-by-engine'],
      ['cacheTypeK: not-offered-by-engine', 'cacheTypeV: not-offered-by-engine'],
    ],
    [
      { splitMode: 'row' },
      {},
      ['splitMode: not-counted-for-this-version'],
      ['splitMode: not-counted-for-this-version'],
    ],
    [{ parallel: 65 }, {}, [], ['value-out-of-range']],
    [{}, { architecture: 'gpt-oss' }, [], ['architecture-not-supported']],
    [{}, { architecture: 'muse-glimmer' }, ['architecture-not-supported'], ['architecture-not-supported']],
    [{}, { tensors: llamaModel({ ...llama8b, blocks: 1, type: 'mxfp4' }).tensors }, [], ['format-not-readable']],
  ])('of %j and %j are %j, in 0.25 %j', (changes, about, now, before) => {
    expect(refused(current, changes, about)).toEqual(now)
    expect(refused(old, changes, about)).toEqual(before)
  })

  it('offers no cache that it has no name for', () => {
    const pairs = current.cachePairs(model, ask({ flashAttention: 'off' }), 'cuda')
    expect(pairs.length).toBeGreaterThan(0)
    expect(pairs.filter(({ cacheTypeK }) => cacheTypeK === 'bf16' || cacheTypeK === 'iq4_nl')).toEqual([])
  })
})

const path = String.raw`C:\models\llama "3".gguf`
const source: ModelSource = { kind: 'path', path }
const two = machineOf([{ gib: 24 }, { gib: 24 }], 64)

function placed(engine: Engine, machine = two, request = ask(), one = model): Placement {
  const verdict = plan({ model: one, machine, engine, request })
  if (!verdict.fits) throw new Error(JSON.stringify(verdict.reasons))
  return verdict.best
}

/** Types of `ModelParams`' properties (docs/xmldocs/llama.common.modelparams.md), as values of them are written. */
const integer = /^(0|[1-9]\d*)$/
const truth = /^(true|false)$/
const text = String.raw`"(?:[^"\\\r\n]|\\["\\]|\\u[\dA-F]{4})*"`
const properties: Readonly<Record<string, RegExp>> = {
  ContextSize: integer,
  SeqMax: integer,
  KVUnified: truth,
  BatchSize: integer,
  UBatchSize: integer,
  FlashAttention: /^(true|false|null)$/,
  TypeK: /^GGMLType\.GGML_TYPE_(F32|F16|Q4_0|Q4_1|Q5_0|Q5_1|Q8_0)$/,
  TypeV: /^GGMLType\.GGML_TYPE_(F32|F16|Q4_0|Q4_1|Q5_0|Q5_1|Q8_0)$/,
  SwaFull: truth,
  NoKqvOffload: truth,
  OpOffload: truth,
  GpuLayerCount: /^-?(0|[1-9]\d*)$/,
  SplitMode: /^GPUSplitMode\.(None|Layer|Row)$/,
  MainGpu: integer,
  TensorSplits: /^new TensorSplitsCollection\(\[\d+f(, \d+f){0,15}\]\)$/,
  Devices: new RegExp(`^\\[(${text}(, ${text})*)?\\]$`),
  LoadMode: /^LLamaLoadMode\.(None|MemoryMap|MemoryLock|MemoryMapAndLock|DirectIO)$/,
  UseMemorymap: truth,
  UseMemoryLock: truth,
  TensorBufferOverrides: new RegExp(
    String.raw`^\[new TensorBufferOverride\(${text}, ${text}\)(, new TensorBufferOverride\(${text}, ${text}\))*\]$`,
  ),
}
/** 0.25 has all but these, and of those flash attention is on or off. */
const since030 = ['Devices', 'LoadMode']

/** A literal's text, by what the language says of its escapes; JSON's are the same. */
const literal = (quoted: string): unknown => JSON.parse(quoted)

interface ReadProgram {
  readonly path: unknown
  readonly said: ReadonlyMap<string, string>
}

/** The one object initialiser of a program; throws for a property that `ModelParams` lacks, or a value not of its type. */
function readProgram(program: string): ReadProgram {
  const found = new RegExp(String.raw`new ModelParams\((${text})\)\n\{\n((?: {4}.*,\n)*)\};\n`).exec(program)
  if (!found) throw new Error(program)
  const said = new Map<string, string>()
  for (const line of found[2]!.trimEnd().split('\n')) {
    const [, name, value] = /^ {4}(\w+) = (.*),$/.exec(line) ?? []
    if (!properties[name!]?.test(value!) || said.has(name!)) throw new Error(line)
    said.set(name!, value!)
  }
  return { path: literal(found[1]!), said }
}

const fileOf = (engine: Engine, name: string, placement: Placement, machine = two): string =>
  engine.launch({ placement, machine, source }).files.find((file) => file.name === name)!.content

const programOf = (engine: Engine, placement: Placement, machine = two): ReadProgram =>
  readProgram(fileOf(engine, 'Program.cs', placement, machine))

const numbers = (value = '[1f]'): readonly number[] => [...value.matchAll(/(\d+)f/g)].map(([, share]) => Number(share))

describe('launch', () => {
  it('brings a program, its project and the parameters alone', () => {
    const { files, ...launch } = current.launch({ placement: placed(current), machine: two, source })
    expect(launch).toEqual({
      environment: [
        { name: 'CUDA_DEVICE_ORDER', value: 'PCI_BUS_ID' },
        { name: 'CUDA_VISIBLE_DEVICES', value: expect.stringMatching(/^GPU-[\d-]+,GPU-[\d-]+$/) },
      ],
      program: 'dotnet',
      arguments: ['run', '-c', 'Release'],
      afterwards: [],
    })
    expect(files.map(({ name, language, use }) => [name, language, use])).toEqual([
      ['Program.cs', 'csharp', 'needed'],
      ['Model.csproj', 'xml', 'needed'],
      ['ModelParams.json', 'json', 'instead'],
    ])
  })

  it('states everything that the plan decided, and creates the context at once', () => {
    const program = fileOf(current, 'Program.cs', placed(current))
    expect(Object.fromEntries(readProgram(program).said)).toEqual({
      ContextSize: '8192',
      SeqMax: '1',
      KVUnified: 'false',
      BatchSize: '2048',
      UBatchSize: '512',
      FlashAttention: 'true',
      TypeK: 'GGMLType.GGML_TYPE_F16',
      TypeV: 'GGMLType.GGML_TYPE_F16',
      SwaFull: 'false',
      NoKqvOffload: 'false',
      OpOffload: 'true',
      GpuLayerCount: '33',
      SplitMode: 'GPUSplitMode.Layer',
      MainGpu: '0',
      TensorSplits: 'new TensorSplitsCollection([17f, 16f])',
      Devices: '["CUDA0", "CUDA1"]',
      LoadMode: 'LLamaLoadMode.MemoryMap',
    })
    const [loaded, created] = ['LLamaWeights.LoadFromFile(parameters)', 'weights.CreateContext(parameters)'].map(
      (call) => program.indexOf(call),
    )
    expect(loaded).toBeGreaterThan(0)
    expect(created).toBeGreaterThan(loaded!)
  })

  it.each<readonly [what: string, engine: Engine, gib: readonly number[], changes: Partial<RunRequest>]>([
    ['one card', current, [24], { cacheTypeK: 'q8_0', cacheTypeV: 'q8_0', parallel: 3, kvUnified: true }],
    ['three unequal cards', current, [4, 8, 6], { flashAttention: 'off', opOffload: false, swaFull: true }],
    ['blocks on the host', current, [4], { ubatchSize: tokens(256) }],
    ['the cache on the host', current, [24], { offloadKqv: false }],
    ['0.25 over two cards', old, [6, 6], { flashAttention: 'on' }],
  ])('reads back as it was planned: %s', (_, engine, gib, changes) => {
    const machine = machineOf(
      gib.map((size) => ({ gib: size })),
      64,
    )
    const request = ask(changes)
    const placement = placed(engine, machine, request)
    const { path: read, said } = programOf(engine, placement, machine)
    expect(read).toBe(path)
    expect(since030.map((name) => said.has(name))).toEqual(since030.map(() => engine === current))
    const shares = numbers(said.get('TensorSplits'))
    const deviceCount = placement.split.devices.length
    const layers = layersByFlags({ layerCount: 33, gpuLayers: Number(said.get('GpuLayerCount')), shares, deviceCount })
    expect(layers).toEqual(layoutOf(placement.split).layers)
    expect({
      contextLength: Number(said.get('ContextSize')),
      parallel: Number(said.get('SeqMax')),
      kvUnified: said.get('KVUnified') === 'true',
      batchSize: Number(said.get('BatchSize')),
      ubatchSize: Number(said.get('UBatchSize')),
      flashAttention: said.get('FlashAttention') === 'true',
      cacheTypeK: said.get('TypeK')!.slice('GGMLType.GGML_TYPE_'.length).toLowerCase(),
      swaFull: said.get('SwaFull') === 'true',
      offloadKqv: said.get('NoKqvOffload') === 'false',
      opOffload: said.get('OpOffload') === 'true',
    }).toEqual({
      contextLength: request.contextLength,
      parallel: request.parallel,
      kvUnified: request.kvUnified,
      batchSize: request.batchSize,
      ubatchSize: request.ubatchSize,
      flashAttention: placement.flashAttention,
      cacheTypeK: request.cacheTypeK,
      swaFull: request.swaFull,
      offloadKqv: request.offloadKqv,
      opOffload: request.opOffload,
    })
  })

  it('moves tensors by patterns that survive the language', () => {
    const one = machineOf([{ gib: 24 }], 12)
    const experts = placed(current, one, ask(), llamaModel(mixture))
    expect(experts.split.expertsOnHost).toBeGreaterThan(0)
    const overrides = [...experts.split.overrides, { pattern: String.raw`blk\.7\.ffn_up`, place: 0 }]
    const placement = { ...experts, split: { ...experts.split, overrides } }
    const literals = programOf(current, placement, one).said.get('TensorBufferOverrides')!.match(new RegExp(text, 'g'))!
    const read = literals.map(literal)
    expect(read).toEqual(
      layoutOf(placement.split).overrides.flatMap(({ pattern, place }) => [pattern, place === HOST ? 'CPU' : 'CUDA0']),
    )
  })

  it('leaves flash attention open where `auto` comes to off', () => {
    const placement = { ...placed(current), flashAttention: false }
    expect(programOf(current, placement).said.get('FlashAttention')).toBe('null')
  })

  it('says the same in JSON, by the names and numbers that System.Text.Json writes', () => {
    const placement = placed(current)
    const json: unknown = JSON.parse(fileOf(current, 'ModelParams.json', placement))
    expect(json).toMatchObject({
      ModelPath: path,
      ContextSize: 8192,
      TypeK: 1,
      SplitMode: 1,
      TensorSplits: [17, 16],
      Devices: ['CUDA0', 'CUDA1'],
      LoadMode: 1,
    })
    const names = [...programOf(current, placement).said.keys()]
    expect(Object.keys(json as object)).toEqual(['ModelPath', ...names])
  })

  it.each([
    ['cuda', 'Cuda12', '["CUDA0"]'],
    ['vulkan', 'Vulkan', '["Vulkan0"]'],
    ['metal', 'Cpu', '[]'],
  ] as const)('refers to the package of the backend: %s', (backend, name, devices) => {
    const machine = machineOf([{ gib: 24, backend }], 64)
    const placement = placed(current, machine)
    expect(programOf(current, placement, machine).said.get('Devices')).toBe(devices)
    expect(fileOf(current, 'Model.csproj', placement, machine)).toContain(
      `<PackageReference Include="LLamaSharp.Backend.${name}" Version="0.30.0" />`,
    )
  })

  it('has no package for other backends', () => {
    const machine = machineOf([{ gib: 24, backend: 'rocm' }])
    const placement = placed(current, machineOf([{ gib: 24 }]))
    expect(() => current.launch({ placement, machine, source })).toThrow('rocm')
  })
})
