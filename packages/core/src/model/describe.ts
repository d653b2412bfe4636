import { attentionContext } from '../context/attention.ts'
import { NO_CONTEXT } from '../context/block-context.ts'
import { cudaMultiplies } from '../graph/cuda.ts'
import { factsOf, type HeaderFacts } from '../header/facts.ts'
import { elementCount, type GgufHeader, tensorBytes, type TensorInfo } from '../header/header.ts'
import { blockOfTensor } from '../header/tensor-names.ts'
import { graphKeyOf } from './graph-key.ts'
import { probeGraph } from './probe.ts'
import { fail, ok, type Result } from '../result.ts'
import { weightBytesIn } from '../memory/alignment.ts'
import { sumBytes, tokens } from '../units.ts'
import type { Architecture, BlockLoops } from './architectures/architecture.ts'
import { architectureNamed, isDescribed } from './architectures/index.ts'
import { firstIssue, shapeIssue } from './header-issues.ts'
import type { BlockTensorIndex, DescribeIssue, Model, ModelShape, TensorSuffix } from './model.ts'

/** Stands for all tables of rotation factors, which have no block in their names. */
const ROPE_FACTORS = 'rope_freqs.weight'

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
  const mismatch = shapeIssue(facts, shape)
  if (mismatch) return fail(mismatch)
  const model = withArchitecture(architecture.withMoreBlocks?.(shape) ?? shape, architecture, facts)
  const impossible = model.described ? probeGraph(model, architecture) : undefined
  return impossible ? fail(impossible) : ok(model)
}

function withArchitecture(shape: ModelShape, architecture: Architecture, facts: HeaderFacts): Model {
  const blocks = Array.from({ length: shape.blockCount }, (_, il) => il)
  const running = blocks.slice(0, shape.runBlockCount)
  const cached = architecture.cachesSpeculative ? blocks : running
  const contexts = cached.map((il) =>
    shape.withoutCache ? NO_CONTEXT : (architecture.blockContext ?? attentionContext)(shape, il),
  )
  const blockTensors = tensorsByBlock(shape)
  // One text a kind, so that equal ones are found equal at a glance.
  const kinds = new Map<string, string>()
  const blockKinds = running.map((il) => {
    const own = blockTensors[shape.weightBlock[il]!]!
    const stems = own.map(({ name, shape: ne }) => `${name.slice(name.indexOf('.', 4))}:${ne}`)
    const numbers = [JSON.stringify(contexts[il]), shape.windowed[il], shape.headCount[il], shape.headCountKv[il]]
    const kind = [...stems, ...numbers, architecture.blockVariant?.(shape, il) ?? 0].join()
    const known = kinds.get(kind) ?? kind
    kinds.set(kind, known)
    return known
  })
  return {
    ...shape,
    contexts,
    readsRopeFactors: blocks.map((il) =>
      il < shape.runBlockCount
        ? (architecture.usesRopeFactors?.(shape, il) ?? true)
        : (architecture.loadsOfSpeculative?.(ROPE_FACTORS) ?? false),
    ),
    outputTensors: architecture.outputTensors ?? [],
    withoutFlashAttention: architecture.withoutFlashAttention ?? false,
    tiedOutput: !shape.tensors.has('output.weight') && !architecture.outputOnHost,
    lazyTensors: architecture.lazyTensors ?? [],
    tensorSplit: architecture.tensorSplit ?? 'plain',
    blockTensors,
    blockBytes: blockTensors.map((tensors) => ({
      device: sumOf(tensors, (tensor) => weightBytesIn(tensor, true)),
      host: sumOf(tensors, (tensor) => weightBytesIn(tensor, false)),
    })),
    hostTensors: new Set(
      [...shape.tensors.values()]
        .filter((tensor) => !cudaMultiplies(tensor.type) || architecture.staysOnHost?.(tensor, shape))
        .map(({ name }) => name),
    ),
    speculativeTensors: [...shape.tensors.values()].filter(
      ({ name }) =>
        (blockOfTensor(name) ?? 0) >= shape.runBlockCount && (architecture.loadsOfSpeculative?.(name) ?? false),
    ),
    globalTensors: [...shape.tensors.values()].filter(({ name }) => blockOfTensor(name) === undefined),
    blockTensorIndex: blockTensors.map(indexBlock),
    blockKinds,
    graphKey: graphKeyOf(shape, blockKinds, facts),
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

function modelShape(header: HeaderFacts, architecture: Architecture): ModelShape {
  const { blockCount, weightBlock, facts } = blocksThatRun(header, architecture)
  const noBlocks = Array.from({ length: blockCount }, () => false)
  const { tensors } = facts.header
  const { positionsPerToken = 1, withoutCache = false } = architecture
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
    weightBlock: noBlocks.map((_, il) => weightBlock(il)),
    positionsPerToken: typeof positionsPerToken === 'number' ? positionsPerToken : positionsPerToken(facts),
    causal: !withoutCache && facts.value('attention.causal') !== false,
    withoutCache,
    ...fileFacts(facts),
    tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    parameterCount: tensors.reduce((sum, tensor) => sum + elementCount(tensor.shape), 0),
    weightBytes: sumBytes(tensors.map(tensorBytes)),
    hyperparameter: facts.value,
  }
}

interface RunningBlocks extends BlockLoops {
  /** The header's facts, lists of one number a stored block repeated as often as the blocks run. */
  readonly facts: HeaderFacts
}

function blocksThatRun(facts: HeaderFacts, architecture: Architecture): RunningBlocks {
  const stored = facts.number('block_count')!
  const { blockCount, weightBlock } = architecture.loops?.(facts) ?? { blockCount: stored, weightBlock: (il) => il }
  const repeated = (values: readonly number[]): readonly number[] =>
    values.length === stored ? Array.from({ length: blockCount }, (_, il) => values[il % stored]!) : values
  const perBlock: HeaderFacts['perBlock'] = (key, count) => {
    const values = facts.perBlock(key, count)
    return values && repeated(values)
  }
  return { blockCount, weightBlock, facts: blockCount > stored ? { ...facts, perBlock } : facts }
}

type HeadShape = Pick<
  ModelShape,
  'headCount' | 'headCountKv' | 'feedForwardLength' | 'keyLength' | 'valueLength' | 'keyLengthSwa' | 'valueLengthSwa'
>

/** Head counts and sizes; a length that is not given is the embedding shared out among the first block's heads. */
function headShape(facts: HeaderFacts, blockCount: number): HeadShape {
  const zeros = Array.from({ length: blockCount }, () => 0)
  const headCount = facts.perBlock('attention.head_count', blockCount) ?? zeros
  const heads = headCount[0] ?? 0
  const shared = heads > 0 ? Math.floor(facts.number('embedding_length')! / heads) : 0
  const keyLength = facts.number('attention.key_length') ?? shared
  const valueLength = facts.number('attention.value_length') ?? shared
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
