import { describe, expect, it } from 'vitest'
import { requestDefaults, type RunRequest } from '../memory/settings.ts'
import { llama8b, llamaModel, machineOf, mixture } from '../placement/fixtures.ts'
import { plan } from '../placement/plan.ts'
import type { LayerSplit, Placement } from '../placement/verdict.ts'
import { tokens } from '../units.ts'
import { engineOf, engines } from './index.ts'
import type { Launch } from './launch.ts'

const engine = engines.koboldcpp
const april = engineOf('koboldcpp', '1.63')!
const model = llamaModel(llama8b)
const source = { kind: 'path', path: '/models/llama 3.gguf' } as const
const two = machineOf([{ gib: 24 }, { gib: 24 }], 64)
const ask = (changes: Partial<RunRequest> = {}): RunRequest => ({
  ...requestDefaults,
  contextLength: tokens(8192),
  ...changes,
})

/** An option of argparse: `store_true` has no `nargs`, one plain value has 1. */
interface Option {
  readonly nargs: 0 | 1 | '*' | '+' | '?'
  readonly type?: 'int' | 'float'
  readonly choices?: readonly (string | number)[]
  readonly range?: readonly [number, number]
  /** Options of one `add_mutually_exclusive_group`. */
  readonly group?: string
}

type Options = Readonly<Record<string, Option>>

/** The options that concern placement, as `koboldcpp.py --help` of 1.113.2 tells them. */
const options: Options = {
  model: { nargs: '+', group: 'model' },
  usecuda: {
    ...{ nargs: '*', group: 'backend' },
    choices: ['0', '1', '2', '3', 'all', 'mmq', 'nommq', 'normal', 'lowvram', 'rowsplit'],
  },
  usevulkan: { nargs: '*', type: 'int', group: 'backend' },
  usecpu: { nargs: 0, group: 'backend' },
  contextsize: { nargs: 1, type: 'int', range: [256, 262_144] },
  gpulayers: { nargs: '?', type: 'int' },
  tensor_split: { nargs: '+', type: 'float' },
  autofit: { nargs: 0 },
  maingpu: { nargs: 1, type: 'int' },
  batchsize: { nargs: 1, type: 'int', choices: [-1, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096] },
  splitmode: { nargs: 1, choices: ['layer', 'row', 'tensor'] },
  useswa: { nargs: 0 },
  swapadding: { nargs: 1, type: 'int' },
  usemmap: { nargs: 0, group: 'mmap' },
  nommap: { nargs: 0, group: 'mmap' },
  noflashattention: { nargs: 0 },
  lowvram: { nargs: 0 },
  quantkv: { nargs: 1, choices: ['f16', 'bf16', 'q8_0', 'q5_1', 'q4_0', '0', '1', '2', '3'] },
  moecpu: { nargs: '?', type: 'int' },
  overridetensors: { nargs: 1 },
  nopipelineparallel: { nargs: 0 },
}

/** Those of early 2024. */
const aprilOptions: Options = {
  model: { nargs: '?', group: 'model' },
  usecublas: {
    ...{ nargs: '*', group: 'backend' },
    choices: ['normal', 'lowvram', '0', '1', '2', '3', 'mmq', 'rowsplit'],
  },
  contextsize: {
    ...{ nargs: 1, type: 'int' },
    choices: [256, 512, 1024, 2048, 3072, 4096, 6144, 8192, 12_288, 16_384, 24_576, 32_768, 65_536],
  },
  blasbatchsize: { nargs: 1, type: 'int', choices: [-1, 32, 64, 128, 256, 512, 1024, 2048] },
  gpulayers: { nargs: 1, type: 'int' },
  tensor_split: { nargs: '+', type: 'float' },
}

type Value = string | number | boolean | readonly (string | number)[]
type Parsed = Readonly<Record<string, Value>>

const NUMBERS = { int: /^[+-]?\d+$/, float: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i }

/** Reads a list of arguments as Python's argparse does, without abbreviations; it stops at what argparse refuses. */
function parseArguments(list: readonly string[], known: Options): Parsed {
  const parsed: Record<string, Value> = {}
  const groups = new Map<string, string>()
  for (let at = 0; at < list.length;) {
    const name = list[at]!.replace(/^--/, '')
    const option = known[name]
    if (!list[at]!.startsWith('--') || !option) throw new Error(`unrecognized argument ${list[at]}`)
    const { nargs, group } = option
    if (group !== undefined && groups.has(group) && groups.get(group) !== name) throw new Error(`not with ${name}`)
    if (group !== undefined) groups.set(group, name)
    const end = list.findIndex((text, place) => place > at && text.startsWith('--'))
    const given = list.slice(at + 1, end === -1 ? list.length : end)
    const [least, most] = { 0: [0, 0], 1: [1, 1], '?': [0, 1], '*': [0, Infinity], '+': [1, Infinity] }[nargs] as [
      number,
      number,
    ]
    if (given.length < least || given.length > most) throw new Error(`${name} takes no ${given.length} values`)
    const values = given.map((text) => valueOf(text, name, option))
    parsed[name] = nargs === 0 ? true : nargs === '*' || nargs === '+' ? values : values[0]!
    at += 1 + given.length
  }
  return parsed
}

function valueOf(text: string, name: string, { type, choices, range }: Option): string | number {
  if (type && !NUMBERS[type].test(text)) throw new Error(`${name}: ${text} is no ${type}`)
  const value = type ? Number(text) : text
  if (choices && !choices.includes(value)) throw new Error(`${name}: ${text} is not among ${choices.join(' ')}`)
  if (range && (Number(value) < range[0] || Number(value) > range[1])) throw new Error(`${name}: ${text} out of range`)
  return value
}

/** What `loadconfigfile` sets, by the names of the command line; what is false or absent is as not given. */
function parseFile({ files }: Launch): Parsed {
  const [file, ...others] = files
  if (!file || others.length > 0) throw new Error('not one settings file')
  expect(file).toMatchObject({ name: 'berth.kcpps', language: 'json', use: 'instead' })
  const { model_param: path, ...rest } = JSON.parse(file.content) as Record<string, Value> & {
    readonly model_param: string
  }
  return Object.fromEntries(Object.entries<Value>({ model: [path], ...rest }).filter(([, value]) => value !== false))
}

function placed(request = ask(), machine = two, one = model, by = engine): Placement {
  const verdict = plan({ model: one, machine, engine: by, request })
  if (!verdict.fits) throw new Error(JSON.stringify(verdict.reasons))
  return verdict.best
}

/** What llama.cpp makes of the options: layers a device, the rest on the host. */
function splitOf(parsed: Parsed, placement: Placement, layerCount: number): Pick<LayerSplit, 'devices' | 'hostBlocks'> {
  const layers = parsed['gpulayers'] as number
  const shares = (parsed['tensor_split'] as readonly number[] | undefined) ?? [layers]
  const devices = placement.split.devices.map(({ device }, at) => ({ device, layers: shares[at]! }))
  return { devices, hostBlocks: layerCount - layers }
}

const requests: readonly (readonly [Partial<RunRequest>, Parsed])[] = [
  [{}, { quantkv: 'f16', useswa: true }],
  [{ swaFull: true }, { quantkv: 'f16' }],
  [
    { cacheTypeK: 'q8_0', cacheTypeV: 'q8_0' },
    { quantkv: 'q8_0', useswa: true },
  ],
  [
    { cacheTypeK: 'q4_0', flashAttention: 'off' },
    { quantkv: 'q4_0', noflashattention: true, useswa: true },
  ],
  [{ offloadKqv: false }, { quantkv: 'f16', lowvram: true, nopipelineparallel: true, useswa: true }],
]

describe('launch of 1.113.2', () => {
  it.each(requests)('of %j says what was planned, twice', (changes, expected) => {
    const placement = placed(ask(changes))
    const launch = engine.launch({ placement, machine: two, source })
    const parsed = parseArguments(launch.arguments, options)
    expect(launch.program).toBe('koboldcpp')
    expect(parsed).toEqual({
      ...{ model: ['/models/llama 3.gguf'], usecuda: [], contextsize: 8192, batchsize: 512, swapadding: 0 },
      ...{ usemmap: true, gpulayers: 33, splitmode: 'layer', maingpu: 0, moecpu: 0 },
      ...(placement.split.devices.length > 1 && { tensor_split: placement.split.devices.map(({ layers }) => layers) }),
      ...(!placement.pipelineParallel && { nopipelineparallel: true }),
      ...expected,
    })
    expect(splitOf(parsed, placement, 33)).toEqual({ devices: placement.split.devices, hostBlocks: 0 })
    expect(parseFile(launch)).toEqual(parsed)
  })

  it('shows the process the devices of the plan by their identifiers, in bus order', () => {
    const uuid = 'GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e301'
    const machine = machineOf([{ gib: 24, changes: { uuid } }])
    const launch = engine.launch({ placement: placed(ask(), machine), machine, source })
    expect(launch.environment).toEqual([
      { name: 'CUDA_DEVICE_ORDER', value: 'PCI_BUS_ID' },
      { name: 'CUDA_VISIBLE_DEVICES', value: uuid },
    ])
    expect(parseArguments(launch.arguments, options)).not.toHaveProperty('tensor_split')
  })

  it('splits over devices by the layers of each', () => {
    const placement = placed()
    const counts = placement.split.devices.map(({ layers }) => layers)
    expect(counts).toHaveLength(2)
    const parsed = parseArguments(engine.launch({ placement, machine: two, source }).arguments, options)
    expect(parsed['tensor_split']).toEqual(counts)
  })

  it('keeps a file whose name looks like an option apart from them', () => {
    const odd = { kind: 'path', path: '--gpulayers' } as const
    const launch = engine.launch({ placement: placed(), machine: two, source: odd })
    expect(parseArguments(launch.arguments, options)['model']).toEqual(['./--gpulayers'])
  })

  it('leaves blocks on the host by the number of layers', () => {
    const machine = machineOf([{ gib: 4 }], 64)
    const placement = placed(ask(), machine)
    const parsed = parseArguments(engine.launch({ placement, machine, source }).arguments, options)
    expect(placement.split.hostBlocks).toBeGreaterThan(0)
    expect(splitOf(parsed, placement, 33)).toEqual({
      devices: placement.split.devices,
      hostBlocks: placement.split.hostBlocks,
    })
    expect(parsed).toMatchObject({ nopipelineparallel: true })
  })

  it('keeps experts on the host by --moecpu, and parts of a block by --overridetensors', () => {
    const machine = machineOf([{ gib: 12 }], 64)
    const placement = placed(ask(), machine, llamaModel(mixture))
    const parsed = parseArguments(engine.launch({ placement, machine, source }).arguments, options)
    expect(placement.split.expertsOnHost).toBeGreaterThan(0)
    expect(parsed['moecpu']).toBe(placement.split.expertsOnHost)
    const overrides = [
      { pattern: 'blk\\.7\\.ffn_up', place: -1 },
      { pattern: 'blk\\.8\\.ffn_up', place: 0 },
    ]
    const moved = { ...placement, split: { ...placement.split, overrides } }
    const said = parseArguments(engine.launch({ placement: moved, machine, source }).arguments, options)
    expect(said['overridetensors']).toBe('blk\\.7\\.ffn_up=CPU,blk\\.8\\.ffn_up=CUDA0')
  })

  it.each([
    ['rocm', { usecuda: [] }],
    ['vulkan', { usevulkan: [] }],
    ['metal', {}],
  ] as const)('asks for %s', (backend, expected) => {
    const machine = machineOf([{ gib: 24, backend }], 64)
    const launch = engine.launch({ placement: placed(ask(), machine), machine, source })
    const { usecuda, usevulkan, usecpu } = parseArguments(launch.arguments, options)
    expect(Object.fromEntries(Object.entries({ usecuda, usevulkan, usecpu }).filter(([, one]) => one))).toEqual(
      expected,
    )
  })

  it('runs on the processor alone where the plan names no device', () => {
    const placement = placed()
    const split = { ...placement.split, devices: [], hostBlocks: 32 }
    const launch = engine.launch({ placement: { ...placement, split }, machine: two, source })
    expect(launch.environment).toEqual([])
    expect(parseArguments(launch.arguments, options)).toMatchObject({ usecpu: true, gpulayers: 0 })
  })

  it.each([
    [{ file: 'q4/a.gguf' }, 'https://huggingface.co/org/Llama-GGUF/resolve/main/q4/a.gguf'],
    [{ quantization: 'Q4_K_M' }, 'Llama-Q4_K_M.gguf'],
    [{}, 'Llama-GGUF.gguf'],
  ])('names a model of the hub with %j', (about, path) => {
    const hub = { kind: 'hub', repository: 'org/Llama-GGUF', ...about } as const
    const launch = engine.launch({ placement: placed(), machine: two, source: hub })
    expect(parseArguments(launch.arguments, options)['model']).toEqual([path])
  })
})

describe('launch of April 2024', () => {
  it.each([
    [{}, 'normal'],
    [{ offloadKqv: false }, 'lowvram'],
  ] satisfies readonly (readonly [Partial<RunRequest>, string])[])(
    'of %j says what was planned, twice',
    (changes, mode) => {
      const placement = placed(ask(changes), two, model, april)
      const launch = april.launch({ placement, machine: two, source })
      const parsed = parseArguments(launch.arguments, aprilOptions)
      expect(parsed).toEqual({
        ...{ model: '/models/llama 3.gguf', usecublas: [mode, 'mmq'], contextsize: 8192, blasbatchsize: 512 },
        ...{ gpulayers: 33 },
        ...(placement.split.devices.length > 1 && {
          tensor_split: placement.split.devices.map(({ layers }) => layers),
        }),
      })
      expect(splitOf(parsed, placement, 33)).toEqual({ devices: placement.split.devices, hostBlocks: 0 })
      const { model: path, ...said } = parsed
      expect(parseFile(launch)).toEqual({ ...said, model: [path] })
    },
  )
})
