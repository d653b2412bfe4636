import {
  type CacheType,
  cacheTypes,
  type Exl2CacheMode,
  exl2CacheModes,
  type FlashAttention,
  flashAttentionModes,
  mebibytes,
  requestDefaults,
  type RunRequest,
  type SplitMode,
  splitModes,
  tokens,
} from '@berth/core'
import { type Command, InvalidArgumentError, Option } from 'commander'

/** The options of a plan as commander hands them over, already checked one by one. */
export interface RequestOptions {
  readonly ctx: number
  readonly parallel: number
  readonly batch: number
  readonly ubatch: number
  readonly ctk: CacheType
  readonly ctv: CacheType
  readonly fa: FlashAttention
  readonly kvUnified?: true
  readonly swaFull?: true
  readonly kvOffload: boolean
  readonly opOffload: boolean
  readonly splitMode: SplitMode
  readonly exl2Cache?: Exl2CacheMode
  /** In MiB: one for all, or one a GPU. */
  readonly margin: readonly number[]
}

/** llama.cpp keeps all of these in 32-bit integers. */
const INT32_MAX = 2 ** 31 - 1
/** `LLAMA_MAX_SEQ` of llama.cpp 0.5.0-dev. */
const PARALLEL_MAX = 256
/** 16 TiB: more than any device has, so a larger figure is a slip. */
const MARGIN_MAX_MIB = 16 * 1024 * 1024

const wholeNumber = (min: number, max: number) => (text: string) => {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  }
  return value
}

const number = (flags: string, description: string, limits: readonly [min: number, max: number, preset: number]) =>
  new Option(flags, description).argParser(wholeNumber(limits[0], limits[1])).default(limits[2])

const choice = (flags: string, description: string, choices: readonly string[], preset: string) =>
  new Option(flags, description).choices(choices).default(preset)

/** Adds the options that make a run's request; their names and meanings are llama.cpp's. */
export function addRequestOptions(command: Command): Command {
  const { parallel, batchSize, ubatchSize, cacheTypeK, cacheTypeV, flashAttention, splitMode } = requestDefaults
  const options = [
    number('-c, --ctx <tokens>', 'context of all slots together; 0: what the model was trained for', [0, INT32_MAX, 0]),
    number('--parallel <slots>', 'sequences served at once (-np)', [1, PARALLEL_MAX, parallel]),
    number('-b, --batch <tokens>', 'logical batch', [1, INT32_MAX, batchSize]),
    number('--ubatch <tokens>', 'physical batch (-ub)', [1, INT32_MAX, ubatchSize]),
    choice('--ctk <type>', 'type of the K cache (-ctk)', cacheTypes, cacheTypeK),
    choice('--ctv <type>', 'type of the V cache (-ctv)', cacheTypes, cacheTypeV),
    choice('--fa <mode>', 'flash attention (-fa)', flashAttentionModes, flashAttention),
    choice('--split-mode <mode>', 'how the model is split over the GPUs (-sm)', splitModes, splitMode),
    new Option('--exl2-cache <mode>', 'cache of an ExLlama engine (FP16)').choices(exl2CacheModes),
    new Option('--margin <MiB[,MiB...]>', 'memory each GPU must keep free; a list goes by the GPUs’ index')
      .argParser((text) => text.split(',').map(wholeNumber(0, MARGIN_MAX_MIB)))
      .default([requestDefaults.margin / 1024 ** 2], '1024'),
    new Option('--kv-unified', 'one KV buffer shared by all slots'),
    new Option('--swa-full', 'a full-size cache for sliding-window blocks'),
    new Option('--no-kv-offload', 'keep the KV cache in host memory'),
    new Option('--no-op-offload', 'leave host weights to the CPU also in large batches'),
  ]
  for (const option of options) command.addOption(option)
  return command
}

export const toRequest = (options: RequestOptions): RunRequest => ({
  contextLength: tokens(options.ctx),
  parallel: options.parallel,
  batchSize: tokens(options.batch),
  ubatchSize: tokens(options.ubatch),
  cacheTypeK: options.ctk,
  cacheTypeV: options.ctv,
  flashAttention: options.fa,
  kvUnified: options.kvUnified ?? false,
  swaFull: options.swaFull ?? false,
  offloadKqv: options.kvOffload,
  opOffload: options.opOffload,
  splitMode: options.splitMode,
  ...(options.exl2Cache && { exl2Cache: options.exl2Cache }),
  ...marginsOf(options.margin),
})

/** As llama.cpp reads `--fit-target`: one value for every GPU, or a list; the host and GPUs beyond it take the last. */
function marginsOf(margins: readonly number[]): Pick<RunRequest, 'margin' | 'deviceMargins'> {
  const margin = mebibytes(margins.at(-1)!)
  return margins.length === 1 ? { margin } : { margin, deviceMargins: margins.map(mebibytes) }
}

/** llama.cpp's other spellings of the same flags, so that a command line at hand can be tried as it is. */
const spellings: Readonly<Record<string, string>> = {
  '--ctx-size': '--ctx',
  '-np': '--parallel',
  '--batch-size': '--batch',
  '-ub': '--ubatch',
  '--ubatch-size': '--ubatch',
  '-ctk': '--ctk',
  '--cache-type-k': '--ctk',
  '-ctv': '--ctv',
  '--cache-type-v': '--ctv',
  '-fa': '--fa',
  '--flash-attn': '--fa',
  '-sm': '--split-mode',
  '-kvu': '--kv-unified',
  '-nkvo': '--no-kv-offload',
}

export const spellOut = (words: readonly string[]): readonly string[] => words.map((word) => spellings[word] ?? word)
