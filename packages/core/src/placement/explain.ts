import type { DeviceId } from '../ids.ts'
import type { Machine } from '../machine/machine.ts'
import { heldInAll } from '../machine/memory-held.ts'
import { bytes, formatBytes, groupThousands } from '../units.ts'
import type { DeviceRefusal, MemoryShortage, Place, Reason, Remedy, RemedyCost, SettingRefusal } from './verdict.ts'

type Of<Union extends { readonly code: string }, Code> = Extract<Union, { readonly code: Code }>
type ReasonSentences = { readonly [Code in Reason['code']]: (reason: Of<Reason, Code>, machine: Machine) => string }
type RemedySentences = { readonly [Code in Remedy['code']]: (remedy: Of<Remedy, Code>) => string }

/** Why a placement cannot be, as a sentence with its numbers. */
export function explainReason<Code extends Reason['code']>(reason: Of<Reason, Code>, machine: Machine): string {
  return reasonSentences[reason.code](reason, machine)
}

/** What a remedy is paid with, as a sentence. */
export const explainCost = (cost: RemedyCost): string => costSentences[cost]

/** Where it would fit instead, best first; undefined where it fits nowhere. */
export function explainElsewhere([first, ...others]: readonly string[]): string | undefined {
  if (first === undefined) return undefined
  const more = others.length > 0 ? `, and so can ${count(others.length, 'other machine')}` : ''
  return `${first} can host it as asked${more}.`
}

/** What would make it fit, as a sentence in the imperative. */
export const explainRemedy = <Code extends Remedy['code']>(remedy: Of<Remedy, Code>): string =>
  remedySentences[remedy.code](remedy)

const count = (number: number, noun: string): string => `${groupThousands(number)} ${noun}${number === 1 ? '' : 's'}`

const reasonSentences: ReasonSentences = {
  'insufficient-memory': (reason, machine) => {
    return `${placeName(reason.place, machine)} needs ${formatBytes(reason.requested)}; ${lackOf(reason)}.${spillOf(reason)}`
  },
  'insufficient-memory-at-first-prompt': (reason, machine) => {
    const { requested, loaded, cause, causeBytes } = reason
    const grown = `the first prompt adds ${formatBytes(bytes(requested - loaded))}, ${formatBytes(causeBytes)} of it for ${cause}`
    return `${placeName(reason.place, machine)} would load with ${formatBytes(loaded)} and then run out: ${grown}; ${lackOf(reason)}.${spillOf(reason)}`
  },
  'no-devices': (_, { name }) => `${name} has no device that this engine can use.`,
  'host-memory-unknown': ({ requested }) =>
    `Parts kept on the host need ${formatBytes(requested)} there; how much memory the host has is not known.`,
  'format-not-readable': ({ format, engine }) => `${engine} does not read ${format} files.`,
  'architecture-not-supported': ({ architecture, engine }) => `${engine} has no architecture named ${architecture}.`,
  'setting-not-supported': ({ setting, value, because }) => `${setting} = ${value}: ${settingRefusals[because]}.`,
  'too-many-devices': ({ limit, devices }) =>
    `The split names ${count(devices, 'device')}; the engine takes ${limit} at most.`,
  'context-beyond-limit': ({ requested, limit }) =>
    `A context of ${number(requested)} tokens is out of range; the engine takes 0 to ${number(limit)}.`,
  'value-out-of-range': ({ setting, value, minimum, maximum }) =>
    `${setting} is ${number(value)}; it must be a whole number from ${number(minimum)} to ${number(maximum)}.`,
  'split-does-not-cover-layers': ({ layers, expected }) =>
    `The split places ${number(layers)} layers; the model has ${number(expected)}, its output layer counted.`,
  'device-not-usable': ({ device, because }, machine) => `${deviceName(device, machine)} ${deviceRefusals[because]}.`,
}

function lackOf(shortage: MemoryShortage): string {
  const { requested, margin, capacity } = shortage
  const left = capacity - heldInAll(shortage) - margin
  const short = `short by ${formatBytes(bytes(requested - left))}`
  return `${leftOf(left)} of ${formatBytes(capacity)}${after(shortage)}; ${short}`
}

const spillOf = ({ spills }: MemoryShortage): string =>
  spills
    ? ' It will not fail: Windows’ driver puts what is missing into shared system memory, and the run crawls. NVIDIA Control Panel, CUDA - Sysmem Fallback Policy, turns that into an error.'
    : ''

const leftOf = (left: number): string => (left > 0 ? `${formatBytes(bytes(left))} are left` : 'nothing is left')

const number = (value: number): string => (Number.isInteger(value) ? groupThousands(value) : String(value))

function after({ used, reserved = bytes(0), margin }: MemoryShortage): string {
  const parts = [
    ...(used > 0 ? [`${formatBytes(used)} in use`] : []),
    ...(reserved > 0 ? [`${formatBytes(reserved)} reserved`] : []),
    ...(margin > 0 ? [`a margin of ${formatBytes(margin)}`] : []),
  ]
  const [last, ...before] = parts.toReversed()
  if (last === undefined) return ''
  return ` after ${[before.toReversed().join(', '), last].filter(Boolean).join(' and ')}`
}

/** "The host", or "GPU 0 (NVIDIA GeForce RTX 3090)". */
export const placeName = (place: Place, machine: NamedDevices): string =>
  place.kind === 'host' ? 'The host' : deviceName(place.device, machine)

interface NamedDevices {
  readonly devices: readonly Pick<Machine['devices'][number], 'id' | 'index' | 'name'>[]
}

function deviceName(id: DeviceId, machine: NamedDevices): string {
  const device = machine.devices.find((one) => one.id === id)
  return device ? `GPU ${device.index} (${device.name})` : `Device ${id}`
}

const settingRefusals = {
  'quantized-v-needs-flash-attention': 'a quantized V cache needs flash attention',
  'mla-needs-equal-cache-types':
    'this model keeps one latent for keys and values, so both cache types must be the same',
  'row-split-needs-split-buffers': 'split mode row needs split buffers, which this version no longer has',
  'tensor-split-not-implemented-for-architecture': 'split mode tensor is not implemented for this architecture',
  'tensor-split-needs-unquantized-cache': 'split mode tensor needs an unquantized cache (f32, f16 or bf16)',
  'tensor-split-needs-flash-attention': 'split mode tensor needs flash attention',
  'cache-block-does-not-divide-head': "the blocks of this cache type do not divide the model's heads",
  'streams-not-supported-by-architecture':
    'this architecture keeps an index of its keys and runs several slots with a unified cache only',
  'engine-places-layers-itself': 'the engine places layers itself and cannot be told a split',
  'exllama-has-cache-modes-of-its-own': 'ExLlama keeps its cache in FP16, Q8, Q6 or Q4 and knows none of ggml’s types',
  'cache-mode-not-in-this-engine': 'this engine has no such cache',
  'exllama-keeps-its-cache-on-the-gpu': 'ExLlama keeps its cache on the GPUs',
  'tensor-parallel-not-planned-for-exllama': 'tensor parallelism is not planned for ExLlama; layers lie whole on a GPU',
  'split-by-hand-not-planned-for-exllama':
    'ExLlama is told GB and not layers, so a split by hand is not planned for it',
  'exllamav3-always-uses-flash-attention': 'ExLlamaV3 runs with flash attention only',
  'flash-attention-needs-ampere': 'flash attention needs NVIDIA GPUs of compute capability 8.0 or newer',
  'not-offered-by-engine': 'this version of the engine does not offer it',
  'not-counted-for-this-version': 'what this version of the engine allocates for it is not known',
  'cache-types-must-be-equal': 'the engine keeps keys and values as one type',
  'quantized-cache-dropped-without-flash-attention':
    'the engine drops a quantized cache without a word unless flash attention is turned on, and the model has heads for it',
  'one-slot-only-for-architecture': 'the engine serves this architecture one request at a time',
  'flash-attention-not-supported-by-architecture': 'this architecture runs without flash attention only; turn it off',
} as const satisfies Record<SettingRefusal, string>

const deviceRefusals = {
  'unknown-device': 'is not on this machine',
  'named-twice': 'is named twice',
  'out-of-order': 'is out of the order in which the engine counts',
  'mig-parent': 'is cut into MIG slices and runs nothing itself',
  'mig-slice-with-others': 'cannot join others: a process sees one MIG slice at most',
  'other-backend': 'is driven by another backend than the device before it',
  'backend-not-supported': 'is driven by a backend that this engine is not planned for',
} as const satisfies Record<DeviceRefusal, string>

const costSentences = {
  nothing: 'Costs nothing.',
  context: 'Costs context.',
  slots: 'Costs slots.',
  quality: 'Costs some quality.',
  'prompt-speed': 'Costs speed in reading prompts.',
  'generation-speed': 'Costs speed in writing: host memory is read for every token.',
} as const satisfies Record<RemedyCost, string>

const remedySentences: RemedySentences = {
  'reduce-context': ({ contextLength }) => `Reduce the context to ${number(contextLength)} tokens.`,
  'quantize-cache': ({ cacheType }) => `Keep the KV cache in ${cacheType}.`,
  'reduce-ubatch': ({ ubatchSize }) => `Process prompts in pieces of ${number(ubatchSize)} tokens (ubatch).`,
  'exl2-cache': ({ cacheMode }) => `Keep the cache in ${cacheMode}.`,
  'reduce-chunk': ({ batchSize }) => `Read prompts in pieces of ${number(batchSize)} tokens (chunk size).`,
  'reduce-parallel': ({ parallel }) => `Serve ${count(parallel, 'slot')} at once.`,
  'experts-on-host': ({ expertsOnHost }) =>
    `Keep the experts of the first ${count(expertsOnHost, 'block')} in host memory, if the host has the room.`,
  'blocks-on-host': ({ hostBlocks }) =>
    `Keep the first ${count(hostBlocks, 'block')} in host memory, if the host has the room.`,
  'smaller-file': ({ name }) => `Take a smaller file of the model: ${name}.`,
  'cache-on-host': () => 'Keep the KV cache in host memory, if the host has the room.',
  'flash-attention': () => 'Allow flash attention.',
}
