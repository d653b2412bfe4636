import { type GgufHeader, type HeaderValue, type Mix, mixes, quantizeHeader, type Tokens, tokens } from '@berth/core'
import { type Architecture, schemas, type TensorSchema } from './schemas/schemas.ts'
import { type Hyperparameters, type Layout, shapeOf } from './schemas/shape.ts'

/** A model that can be planned before any file of it was downloaded. */
export interface CatalogueModel {
  /** Kebab case; never changes once published. */
  readonly id: string
  readonly name: string
  readonly family: string
  readonly publisher: string
  /** What a file of it holds, rounded, as `70.6B`; parts that the converter leaves out (vision) do not count. */
  readonly parameters: string
  readonly contextLengthTrained: Tokens
  /** Mixes that make sense for it. */
  readonly mixes: readonly Mix[]
  /** Where its hyperparameters are published. */
  readonly source: string
  /** The header that llama.cpp's converter writes with `--outtype f16`, without the tokenizer's tables. */
  readonly headerF16: () => GgufHeader
}

export interface ModelSpec {
  readonly id: string
  readonly name: string
  readonly family: string
  readonly publisher: string
  readonly parameters: string
  readonly source: string
  readonly architecture: Architecture
  readonly hyperparameters: Hyperparameters
  readonly layout?: Layout
  readonly mixes?: readonly Mix[]
}

/** What repositories of quantized models commonly offer, best first. */
const commonMixes: readonly Mix[] = [
  'BF16',
  'F16',
  'Q8_0',
  'Q6_K',
  'Q5_K_M',
  'Q5_K_S',
  'Q4_K_M',
  'Q4_K_S',
  'Q4_0',
  'IQ4_XS',
  'Q3_K_L',
  'Q3_K_M',
  'IQ3_M',
  'Q3_K_S',
  'IQ3_XXS',
  'Q2_K',
]

/** Below three bits only large models stay useful, from about 3e10 parameters on. */
const lowBitMixes: readonly Mix[] = ['IQ2_M', 'IQ2_XXS', 'IQ1_M']
const LOW_BIT_FROM = 3e10

function sensibleMixes({ hyperparameters, parameters }: ModelSpec): readonly Mix[] {
  return [
    ...commonMixes,
    ...(Number.parseFloat(parameters) * 1e9 >= LOW_BIT_FROM ? lowBitMixes : []),
    ...(Object.hasOwn(hyperparameters, 'expert_count') ? (['MXFP4_MOE'] as const) : []),
  ]
}

export function catalogueModel(spec: ModelSpec): CatalogueModel {
  const { id, name, family, publisher, parameters, source, hyperparameters } = spec
  return {
    id,
    name,
    family,
    publisher,
    parameters,
    source,
    contextLengthTrained: tokens(Number(hyperparameters['context_length'])),
    mixes: spec.mixes ?? sensibleMixes(spec),
    headerF16: () => headerOf(spec),
  }
}

/** The header that `llama-quantize` would write for the model at a mix. */
export const catalogueHeader = (model: CatalogueModel, mix: Mix): GgufHeader => quantizeHeader(model.headerF16(), mix)

function headerOf({ name, architecture, hyperparameters, layout = {} }: ModelSpec): GgufHeader {
  const shape = shapeOf(architecture, hyperparameters, layout)
  const schema: TensorSchema = schemas[architecture]
  const own = Object.entries(hyperparameters).map(([key, value]) => [
    `${architecture}.${key}`,
    inSinglePrecision(value),
  ])
  return {
    metadata: {
      'general.architecture': architecture,
      'general.name': name,
      'general.file_type': mixes.F16.fileType,
      'general.quantization_version': 2,
      ...Object.fromEntries(own),
    },
    trimmedArrayLengths: { 'tokenizer.ggml.tokens': shape.vocab },
    tensors: schema(shape),
  }
}

/** GGUF holds fractions as f32; a reader gives back the nearest double. */
const inSinglePrecision = (value: HeaderValue): HeaderValue =>
  typeof value === 'number' && !Number.isInteger(value) ? Math.fround(value) : value
