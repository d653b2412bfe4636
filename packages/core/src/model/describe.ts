import { attentionContext } from '../context/attention.ts'
import { factsOf, type HeaderFacts } from '../header/facts.ts'
import { elementCount, type GgufHeader, tensorBytes, type TensorInfo } from '../header/header.ts'
import { blockOfTensor } from '../header/tensor-names.ts'
import { probeGraph } from './probe.ts'
import { fail, ok, type Result } from '../result.ts'
import { weightBytesIn } from '../memory/alignment.ts'
import { sumBytes, tokens } from '../units.ts'
import type { Architecture } from './architectures/architecture.ts'
import { architectureNamed, isDescribed } from './architectures/index.ts'
import type { BlockTensorIndex, DescribeIssue, Model, ModelShape, TensorSuffix } from './model.ts'

/** `LLAMA_MAX_LAYERS` of llama-hparams.h. */
export const BLOCK_COUNT_MAX = 512
/** `LLAMA_MAX_EXPERTS` of llama-hparams.h. */
export const EXPERT_COUNT_MAX = 1024
/** No published model is wider by two orders of magnitude; keeps every product of two lengths exact in 2^53. */
export const LENGTH_MAX = 2 ** 24
export const CONTEXT_LENGTH_MAX = 2 ** 31

/**
 * From header to model: `llama_model_base::load_hparams` (llama.cpp 0.5.0-dev).
 * A header that cannot be a language model, or whose numbers are out of range, is an issue that names the key.
 */
export function describeModel(header: GgufHeader): Result<Model, DescribeIssue> {
  const name = header.metadata['general.architecture']
  if (typeof name !== 'string' || name === '') return fail({ code: 'missing-key', key: 'general.architecture' })
  if (name === 'clip' || name === 'mmproj') return fail({ code: 'not-a-language-model', architecture: name })
  const facts = factsOf(header, name)
  const issue = firstIssue(facts)
  if (issue) return fail(issue)
  const architecture = architectureNamed(name)
  const shape = modelShape(facts, architecture)
  const mismatch = perBlockIssue(facts, shape)
  if (mismatch) return fail(mismatch)
  const model = withArchitecture(shape, architecture)
  const impossible = model.described ? probeGraph(model, architecture) : undefined
  return impossible ? fail(impossible) : ok(model)
}

function withArchitecture(shape: ModelShape, architecture: Architecture): Model {
  const blocks = Array.from({ length: shape.blockCount }, (_, il) => il)
  const running = blocks.slice(0, shape.runBlockCount)
  const contexts = running.map((il) => (architecture.blockContext ?? attentionContext)(shape, il))
  const blockTensors = tensorsByBlock(shape)
  return {
    ...shape,
    contexts,
    readsRopeFactors: blocks.map((il) => architecture.usesRopeFactors?.(shape, il) ?? true),
    outputTensors: architecture.outputTensors ?? [],
    lazyTensors: architecture.lazyTensors ?? [],
    tensorSplit: architecture.tensorSplit ?? 'plain',
    blockTensors,
    blockBytes: blockTensors.map((tensors) => ({
      device: sumOf(tensors, (tensor) => weightBytesIn(tensor, true)),
      host: sumOf(tensors, (tensor) => weightBytesIn(tensor, false)),
    })),
    globalTensors: [...shape.tensors.values()].filter(({ name }) => blockOfTensor(name) === undefined),
    blockTensorIndex: blockTensors.map(indexBlock),
    blockKinds: running.map((il) => {
      const stems = blockTensors[il]!.map(({ name, shape: ne }) => `${name.slice(name.indexOf('.', 4))}:${ne}`)
      const facts = [JSON.stringify(contexts[il]), shape.windowed[il], shape.headCount[il], shape.headCountKv[il]]
      return [...stems, ...facts, architecture.blockVariant?.(shape, il) ?? 0].join()
    }),
  }
}

const sumOf = (tensors: readonly TensorInfo[], size: (tensor: TensorInfo) => number): number =>
  tensors.reduce((sum, tensor) => sum + size(tensor), 0)

function indexBlock(tensors: readonly TensorInfo[]): BlockTensorIndex {
  const index = {
    weight: new Map<string, TensorInfo>(),
    bias: new Map<string, TensorInfo>(),
    scale: new Map<string, TensorInfo>(),
    '': new Map<string, TensorInfo>(),
  }
  for (const tensor of tensors) {
    const [, stem = '', suffix = ''] = /^blk\.\d+\.(.*?)(?:\.(weight|bias|scale))?$/.exec(tensor.name) ?? []
    index[suffix as TensorSuffix].set(stem, tensor)
  }
  return index
}

function tensorsByBlock({ tensors, runBlockCount }: ModelShape): readonly (readonly TensorInfo[])[] {
  const blocks: TensorInfo[][] = Array.from({ length: runBlockCount }, () => [])
  for (const tensor of tensors.values()) {
    const il = blockOfTensor(tensor.name)
    if (il !== undefined) blocks[il]?.push(tensor)
  }
  return blocks
}

interface NumberRule {
  readonly key: string
  readonly min: number
  readonly max: number
  readonly required?: true
}

const numberRules: readonly NumberRule[] = [
  { key: 'block_count', min: 1, max: BLOCK_COUNT_MAX, required: true },
  { key: 'embedding_length', min: 1, max: LENGTH_MAX, required: true },
  { key: 'context_length', min: 1, max: CONTEXT_LENGTH_MAX, required: true },
  { key: 'nextn_predict_layers', min: 0, max: BLOCK_COUNT_MAX },
  { key: 'attention.key_length', min: 0, max: LENGTH_MAX },
  { key: 'attention.value_length', min: 0, max: LENGTH_MAX },
  { key: 'attention.key_length_swa', min: 0, max: LENGTH_MAX },
  { key: 'attention.value_length_swa', min: 0, max: LENGTH_MAX },
  { key: 'attention.sliding_window', min: 0, max: CONTEXT_LENGTH_MAX },
  { key: 'expert_count', min: 0, max: EXPERT_COUNT_MAX },
  { key: 'expert_used_count', min: 0, max: EXPERT_COUNT_MAX },
]

/** Arrays of one number a block, or one number for all. */
const perBlockKeys = ['attention.head_count', 'attention.head_count_kv', 'feed_forward_length']

function firstIssue(facts: HeaderFacts): DescribeIssue | undefined {
  for (const { key, min, max, required } of numberRules) {
    const found = facts.value(key)
    if (found === undefined && !required) continue
    const full = `${facts.architecture}.${key}`
    if (found === undefined) return { code: 'missing-key', key: full }
    if (typeof found !== 'number' || !Number.isInteger(found) || found < min || found > max) {
      if (Array.isArray(found) && !required) continue
      return {
        code: 'bad-value',
        key: full,
        value: String(found).slice(0, 80),
        expected: `a whole number from ${min} to ${max}`,
      }
    }
  }
  const embedding = facts.tensorShape('token_embd.weight')
  if (embedding?.length !== 2) return { code: 'missing-tensor', tensor: 'token_embd.weight' }
  return (facts.number('nextn_predict_layers') ?? 0) >= facts.number('block_count')!
    ? {
        code: 'bad-value',
        key: `${facts.architecture}.nextn_predict_layers`,
        value: String(facts.number('nextn_predict_layers')),
        expected: 'fewer than block_count',
      }
    : undefined
}

function perBlockIssue(facts: HeaderFacts, shape: ModelShape): DescribeIssue | undefined {
  for (const key of perBlockKeys) {
    const values = facts.perBlock(key, shape.blockCount)
    if (values === undefined) continue
    const good =
      values.length >= shape.blockCount &&
      values.every((value) => Number.isInteger(value) && value >= 0 && value <= LENGTH_MAX)
    if (!good) {
      return {
        code: 'bad-value',
        key: `${facts.architecture}.${key}`,
        value: String(facts.value(key)).slice(0, 80),
        expected: `${shape.blockCount} whole numbers from 0 to ${LENGTH_MAX}`,
      }
    }
  }
  return undefined
}

function modelShape(facts: HeaderFacts, architecture: Architecture): ModelShape {
  const blockCount = facts.number('block_count')!
  const noBlocks = Array.from({ length: blockCount }, () => false)
  const { tensors } = facts.header
  return {
    architecture: facts.architecture,
    described: isDescribed(facts.architecture),
    blockCount,
    runBlockCount: blockCount - (facts.number('nextn_predict_layers') ?? 0),
    embeddingLength: facts.number('embedding_length')!,
    vocabSize: facts.tensorShape('token_embd.weight')![1]!,
    contextLengthTrained: tokens(facts.number('context_length')!),
    ...headShape(facts, blockCount),
    expertCount: facts.number('expert_count') ?? 0,
    expertUsedCount: facts.number('expert_used_count') ?? 0,
    expertGroupCount: facts.number('expert_group_count') ?? 0,
    expertGroupUsedCount: facts.number('expert_group_used_count') ?? 0,
    ...(architecture.windows?.(facts, blockCount) ?? { slidingWindow: 0, windowed: noBlocks }),
    kvBlockCount: architecture.kvBlockCount?.(facts, blockCount) ?? blockCount,
    positionsPerToken: architecture.positionsPerToken ?? 1,
    ...fileFacts(facts),
    tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    parameterCount: tensors.reduce((sum, tensor) => sum + elementCount(tensor.shape), 0),
    weightBytes: sumBytes(tensors.map(tensorBytes)),
    hyperparameter: facts.value,
  }
}

type HeadShape = Pick<
  ModelShape,
  'headCount' | 'headCountKv' | 'feedForwardLength' | 'keyLength' | 'valueLength' | 'keyLengthSwa' | 'valueLengthSwa'
>

/** Head counts and sizes; a key length that is not given is the embedding shared out among the heads. */
function headShape(facts: HeaderFacts, blockCount: number): HeadShape {
  const zeros = Array.from({ length: blockCount }, () => 0)
  const headCount = facts.perBlock('attention.head_count', blockCount) ?? zeros
  const heads = Math.max(0, ...headCount)
  const shared = heads > 0 ? Math.floor(facts.number('embedding_length')! / heads) : 0
  const keyLength = facts.number('attention.key_length') ?? shared
  const valueLength = facts.number('attention.value_length') ?? keyLength
  return {
    headCount,
    headCountKv: facts.perBlock('attention.head_count_kv', blockCount) ?? headCount,
    feedForwardLength: facts.perBlock('feed_forward_length', blockCount) ?? zeros,
    keyLength,
    valueLength,
    keyLengthSwa: facts.number('attention.key_length_swa') ?? keyLength,
    valueLengthSwa: facts.number('attention.value_length_swa') ?? valueLength,
  }
}

function fileFacts({ header, architecture }: HeaderFacts): Pick<ModelShape, 'name' | 'alignment'> {
  const name = header.metadata['general.name']
  const alignment = header.metadata['general.alignment']
  return {
    name: typeof name === 'string' && name !== '' ? name : architecture,
    ...(typeof alignment === 'number' ? { alignment } : {}),
  }
}
