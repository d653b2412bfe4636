import type { Backend } from '../../machine/machine.ts'
import type { CacheType } from '../../memory/settings.ts'
import { layoutOf, layerCounts, layersOnDevices } from '../../placement/layout.ts'
import type { Placement } from '../../placement/verdict.ts'
import { bufferTypeName } from '../llama-cpp-launch.ts'
import { csharpString } from './csharp.ts'

/** A property of `ModelParams`: as an initialiser writes it, and as System.Text.Json does. */
export interface ModelProperty {
  readonly name: string
  readonly csharp: string
  readonly json: unknown
}

/** What the properties of one version differ in. */
export interface ModelParamsKind {
  /** `Devices` and `LoadMode`; before, the process' devices as they are, and `UseMemorymap`. */
  readonly namesDevices: boolean
}

/** `GGMLType`: it has no member for the other types of a cache. */
export const ggmlTypes = {
  f32: ['GGML_TYPE_F32', 0],
  f16: ['GGML_TYPE_F16', 1],
  q4_0: ['GGML_TYPE_Q4_0', 2],
  q4_1: ['GGML_TYPE_Q4_1', 3],
  q5_0: ['GGML_TYPE_Q5_0', 6],
  q5_1: ['GGML_TYPE_Q5_1', 7],
  q8_0: ['GGML_TYPE_Q8_0', 8],
  bf16: undefined,
  iq4_nl: undefined,
} as const satisfies Record<CacheType, readonly [member: string, value: number] | undefined>

const plain = (name: string, value: number | boolean | null): ModelProperty => ({
  name,
  csharp: String(value),
  json: value,
})

const member = (name: string, type: string, [of, value]: readonly [string, number]): ModelProperty => ({
  name,
  csharp: `${type}.${of}`,
  json: value,
})

const list = (name: string, items: readonly { readonly csharp: string; readonly json: unknown }[]): ModelProperty => ({
  name,
  csharp: `[${items.map(({ csharp }) => csharp).join(', ')}]`,
  json: items.map(({ json }) => json),
})

/** Everything that the plan decided. Throws for a cache type that `ggmlTypes` lacks, which the engine refuses. */
export function modelParams(
  placement: Placement,
  backend: Backend | undefined,
  kind: ModelParamsKind,
): readonly ModelProperty[] {
  return [
    ...contextProperties(placement),
    ...splitProperties(placement, backend, kind),
    ...(kind.namesDevices
      ? [member('LoadMode', 'LLamaLoadMode', ['MemoryMap', 1])]
      : [plain('UseMemorymap', true), plain('UseMemoryLock', false)]),
  ]
}

function contextProperties({ settings, flashAttention }: Placement): readonly ModelProperty[] {
  // `auto` that resolves to off lays its cache out otherwise than `off`.
  const isAuto = settings.flashAttention === 'auto' && !flashAttention
  return [
    plain('ContextSize', settings.contextLength),
    plain('SeqMax', settings.parallel),
    plain('KVUnified', settings.kvUnified),
    plain('BatchSize', settings.batchSize),
    plain('UBatchSize', settings.ubatchSize),
    plain('FlashAttention', isAuto ? null : flashAttention),
    cacheType('TypeK', settings.cacheTypeK),
    cacheType('TypeV', settings.cacheTypeV),
    plain('SwaFull', settings.swaFull),
    plain('NoKqvOffload', !settings.offloadKqv),
    plain('OpOffload', settings.opOffload),
  ]
}

function cacheType(name: string, type: CacheType): ModelProperty {
  const known = ggmlTypes[type]
  if (!known) throw new Error(`GGMLType has no member for ${type}`)
  return member(name, 'GGMLType', known)
}

function splitProperties(
  { split }: Placement,
  backend: Backend = 'cuda',
  { namesDevices }: ModelParamsKind,
): readonly ModelProperty[] {
  const counts = layerCounts(split)
  const isSplit = counts.length > 1
  const splits = list(
    'TensorSplits',
    counts.map((count) => ({ csharp: `${count}f`, json: count })),
  )
  const names = list(
    'Devices',
    // Apple's one GPU is found without its name, which changed.
    counts.flatMap((_, at) => (backend === 'metal' ? [] : [stringItem(bufferTypeName(at, backend))])),
  )
  const overrides = layoutOf(split).overrides.map(({ pattern, place }) => {
    const json = { Pattern: pattern, BufferType: bufferTypeName(place, backend) }
    const csharp = `new TensorBufferOverride(${csharpString(pattern)}, ${csharpString(json.BufferType)})`
    return { csharp, json }
  })
  return [
    plain('GpuLayerCount', layersOnDevices(split)),
    member('SplitMode', 'GPUSplitMode', isSplit ? ['Layer', 1] : ['None', 0]),
    plain('MainGpu', 0),
    ...(isSplit ? [{ ...splits, csharp: `new TensorSplitsCollection(${splits.csharp})` }] : []),
    ...(namesDevices ? [names] : []),
    ...(overrides.length > 0 ? [list('TensorBufferOverrides', overrides)] : []),
  ]
}

const stringItem = (text: string) => ({ csharp: csharpString(text), json: text })
