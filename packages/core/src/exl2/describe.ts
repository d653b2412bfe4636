import { fail, ok, type Result } from '../result.ts'
import { bytes, tokens } from '../units.ts'
import { exl2Architecture } from './architectures.ts'
import { readConfigFacts } from './config-facts.ts'
import type { Exl2Header } from './header.ts'
import type { Exl2Block, Exl2DescribeIssue, Exl2Model } from './model.ts'
import { sortParts } from './parts.ts'
import { describeQuantization } from './quantization.ts'
import { Exl2Refusal } from './refusal.ts'

/**
 * From a folder's header to a model: what `ExLlamaV2Config.prepare` and the engines' module lists make of it
 * (exllamav2 0.3, exllamav3). A folder that is no such model is an issue that names the key or tensor.
 */
export function describeExl2(header: Exl2Header): Result<Exl2Model, Exl2DescribeIssue> {
  try {
    return ok(describe(header))
  } catch (error) {
    if (error instanceof Exl2Refusal) return fail(error.issue)
    throw error
  }
}

function describe(header: Exl2Header): Exl2Model {
  const facts = readConfigFacts(header.config)
  const parts = sortParts(header.tensors, facts.blockCount)
  const architecture = parts.format === 'exl2' ? exl2Architecture(facts.architecture) : undefined
  const { headCountKv, contextLengthTrained, ...plain } = facts
  const plainAttention = parts.blocks.every(keepsKeys) && facts.slidingWindow === 0
  return {
    ...plain,
    contextLengthTrained: tokens(contextLengthTrained),
    described: parts.format === 'exl2' ? architecture !== undefined : plainAttention,
    quantization: describeQuantization(header.quantization, parts),
    headCountKv: parts.blocks.map((block) => (keepsKeys(block) ? (architecture?.singleKeyHead ? 1 : headCountKv) : 0)),
    feedForwardLength: parts.blocks.map(feedForwardLength),
    // ExLlamaV3 turns by a few frequencies and keeps a float residual stream throughout.
    ropeTables: parts.format === 'exl3' ? 0 : (architecture?.ropeTables ?? 1),
    residualElementBytes: parts.format === 'exl3' || architecture?.residualFloat === true ? 4 : 2,
    parallelBlocks: architecture?.parallelBlocks ?? false,
    embedding: parts.embedding,
    blocks: parts.blocks,
    outputNorm: parts.outputNorm,
    head: parts.head,
    otherBytes: parts.otherBytes,
    tensorBytes: bytes(header.tensors.reduce((sum, tensor) => sum + tensor.bytes, 0)),
  }
}

const keepsKeys = ({ attention }: Exl2Block): boolean =>
  attention.linears.some(({ role }) => /(?:^|\.)k_proj$/.test(role))

/** Inputs of the matrix that leads out of the feed-forward: never padded, unlike the outputs of those that lead in. */
const feedForwardLength = ({ feedForward }: Exl2Block): number =>
  Math.max(
    0,
    ...feedForward.linears.filter(({ role }) => OUT_OF_FEED_FORWARD.test(role)).map(({ inFeatures }) => inFeatures),
  )

/** Under every name ExLlama gives it; `w2` is Mixtral's and InternLM's. */
export const OUT_OF_FEED_FORWARD = /(?:^|\.)(?:down_proj|c_proj|w2)$/
