import { type CacheType, cacheTypes, type FlashAttention, type SplitMode, splitModes } from '../memory/settings.ts'
import { fail, ok, type Result } from '../result.ts'
import { otherOptionValues } from './llama-cpp-options.ts'
import { DEVICE_LIMIT } from './llama-cpp-refusals.ts'

export interface BufferOverride {
  readonly pattern: string
  readonly bufferType: string
}

/** What a llama-server command line says of placement; a field is absent where it says nothing. */
export interface LlamaServerArguments {
  readonly modelPath?: string
  readonly repository?: string
  readonly repositoryFile?: string
  readonly projector?: boolean
  readonly contextLength?: number
  /** -1 stands for auto: four slots with one unified cache. */
  readonly parallel?: number
  readonly batchSize?: number
  readonly ubatchSize?: number
  readonly kvUnified?: boolean
  readonly swaFull?: boolean
  readonly flashAttention?: FlashAttention
  readonly cacheTypeK?: CacheType
  readonly cacheTypeV?: CacheType
  readonly offloadKqv?: boolean
  readonly opOffload?: boolean
  /** -1 stands for auto, -2 for all. */
  readonly gpuLayers?: number
  readonly splitMode?: SplitMode
  readonly tensorSplit?: readonly number[]
  readonly mainGpu?: number
  readonly devices?: readonly string[]
  /** In the order given; the first pattern found in a tensor's name decides. */
  readonly overrides: readonly BufferOverride[]
  /** `--n-cpu-moe`; -1 for `--cpu-moe`, which means every block. */
  readonly expertsOnHost?: number
  readonly fit?: boolean
  readonly cacheRamMib?: number
}

export interface ArgumentIssue {
  readonly code: 'unknown-argument' | 'missing-value' | 'invalid-value'
  readonly argument: string
  readonly value?: string
}

type Fields = { -readonly [Key in keyof LlamaServerArguments]: LlamaServerArguments[Key] }

/** Takes one value and stores it, or answers false for one that llama.cpp would throw at. */
type Reader = (fields: Fields, value: string) => boolean

interface Option {
  readonly names: readonly string[]
  readonly values: 0 | 1
  readonly read: Reader
}

type KeyOf<Value> = { [Key in keyof Fields]-?: Value extends Fields[Key] ? Key : never }[keyof Fields]

/** `std::stoi`: leading blanks and sign, then digits; what follows them is ignored. */
function integer(text: string): number | undefined {
  const found = /^\s*[+-]?\d+/.exec(text)
  const value = found ? Number(found[0]) : undefined
  return value !== undefined && value >= -(2 ** 31) && value < 2 ** 31 ? value : undefined
}

/** `std::stof` of a decimal number, rounded to float32. */
function float(text: string): number | undefined {
  const found = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/i.exec(text)
  return found ? Math.fround(Number(found[0])) : undefined
}

function truth(text: string): boolean | undefined {
  if (['on', 'enabled', 'true', '1'].includes(text)) return true
  return ['off', 'disabled', 'false', '0'].includes(text) ? false : undefined
}

const store =
  <Value>(key: KeyOf<Value>, parse: (text: string) => Value | undefined): Reader =>
  (fields, text) => {
    const value = parse(text)
    if (value === undefined) return false
    Object.assign(fields, { [key]: value })
    return true
  }

const text = (names: string, key: KeyOf<string>): Option => ({
  names: names.split(' '),
  values: 1,
  read: store<string>(key, (value) => value),
})
const count = (names: string, key: KeyOf<number>, accept: (value: number) => boolean = () => true): Option => ({
  names: names.split(' '),
  values: 1,
  read: store<number>(key, (value) => {
    const parsed = integer(value)
    return parsed !== undefined && accept(parsed) ? parsed : undefined
  }),
})
const flag = (names: string, key: KeyOf<boolean>, value: boolean): Option => ({
  names: names.split(' '),
  values: 0,
  read: store<boolean>(key, () => value),
})
const choice = <Value extends string>(names: string, key: KeyOf<Value>, allowed: readonly Value[]): Option => ({
  names: names.split(' '),
  values: 1,
  read: store<Value>(key, (value) => allowed.find((name) => name === value)),
})

function gpuLayers(value: string): number | undefined {
  if (value === 'auto') return -1
  return value === 'all' ? -2 : integer(value)
}

function flashAttention(value: string): FlashAttention | undefined {
  if (value === 'auto' || value === '-1') return 'auto'
  const on = truth(value)
  return on === undefined ? undefined : on ? 'on' : 'off'
}

/** Cut at runs of `,` and `/`, the last of which may end the text; 16 values and more are refused. */
function tensorSplit(value: string): readonly number[] | undefined {
  const shares = value
    .replace(/[,/]+$/, '')
    .split(/[,/]+/)
    .map(float)
  if (shares.length > DEVICE_LIMIT) return undefined
  return shares.every((share): share is number => share !== undefined) ? shares : undefined
}

function addOverrides(fields: Fields, value: string): boolean {
  const pairs = value.split(',').map((pair) => /^([^=]*)=(.*)$/.exec(pair))
  if (!pairs.every((pair) => pair !== null)) return false
  fields.overrides = [...fields.overrides, ...pairs.map((pair) => ({ pattern: pair[1]!, bufferType: pair[2]! }))]
  return true
}

/** The options of common/arg.cpp that decide where things lie, with every spelling. */
const options: readonly Option[] = [
  text('-m --model', 'modelPath'),
  text('-hf -hfr --hf-repo', 'repository'),
  text('-hff --hf-file', 'repositoryFile'),
  flag('--mmproj-auto', 'projector', true),
  flag('--no-mmproj --no-mmproj-auto', 'projector', false),
  count('-c --ctx-size', 'contextLength'),
  count('-np --parallel', 'parallel', (value) => value !== 0),
  count('-b --batch-size', 'batchSize'),
  count('-ub --ubatch-size', 'ubatchSize'),
  flag('-kvu --kv-unified', 'kvUnified', true),
  flag('-no-kvu --no-kv-unified', 'kvUnified', false),
  flag('--swa-full', 'swaFull', true),
  { names: ['-fa', '--flash-attn'], values: 1, read: store<FlashAttention>('flashAttention', flashAttention) },
  choice<CacheType>('-ctk --cache-type-k', 'cacheTypeK', cacheTypes),
  choice<CacheType>('-ctv --cache-type-v', 'cacheTypeV', cacheTypes),
  flag('-kvo --kv-offload', 'offloadKqv', true),
  flag('-nkvo --no-kv-offload', 'offloadKqv', false),
  flag('--op-offload', 'opOffload', true),
  flag('--no-op-offload', 'opOffload', false),
  { names: ['-ngl', '--gpu-layers', '--n-gpu-layers'], values: 1, read: store<number>('gpuLayers', gpuLayers) },
  choice<SplitMode>('-sm --split-mode', 'splitMode', splitModes),
  { names: ['-ts', '--tensor-split'], values: 1, read: store<readonly number[]>('tensorSplit', tensorSplit) },
  count('-mg --main-gpu', 'mainGpu'),
  { names: ['-dev', '--device'], values: 1, read: store<readonly string[]>('devices', (value) => value.split(',')) },
  { names: ['-ot', '--override-tensor'], values: 1, read: addOverrides },
  { names: ['-cmoe', '--cpu-moe'], values: 0, read: store<number>('expertsOnHost', () => -1) },
  count('-ncmoe --n-cpu-moe', 'expertsOnHost', (value) => value >= 0),
  { names: ['-fit', '--fit'], values: 1, read: store<boolean>('fit', truth) },
  count('-cram --cache-ram', 'cacheRamMib'),
]

const optionByName: ReadonlyMap<string, Option> = new Map(
  options.flatMap((option) => option.names.map((name) => [name, option] as const)),
)

/**
 * Reads a llama-server command line as `common_params_parse_ex` does (llama.cpp 0.5.0-dev): `_` equals `-` in long
 * names, the last of repeated options counts, an unknown one is an error. The program's name is not part of the list.
 */
export function parseLlamaServer(list: readonly string[]): Result<LlamaServerArguments, ArgumentIssue> {
  const fields: Fields = { overrides: [] }
  for (let at = 0; at < list.length; at++) {
    const argument = list[at]!.startsWith('--') ? list[at]!.replaceAll('_', '-') : list[at]!
    const option = optionByName.get(argument)
    const values = option?.values ?? otherOptionValues.get(argument)
    if (values === undefined) return fail({ code: 'unknown-argument', argument })
    if (at + values >= list.length) return fail({ code: 'missing-value', argument })
    const value = values > 0 ? list[at + 1]! : ''
    if (option && !option.read(fields, value)) return fail({ code: 'invalid-value', argument, value })
    at += values
  }
  return ok(fields)
}
