import { attention, type Heads } from '../../graph/builder/attention.ts'
import { eachBlock, type GraphBuilder, ropeFactors } from '../../graph/builder/builder.ts'
import { expertsOrDense } from '../../graph/builder/mixture.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { queryKeyValue, rotaryPositions } from '../../graph/builder/qkv.ts'
import { namedNorm } from '../../graph/builder/transformer.ts'
import { add, inputTensor, mul, rmsNorm } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import { type Architecture, windowedBlocks } from './architecture.ts'

/** Attention is chunked in runs of 8192 tokens, whatever the header says (`LLAMA_SWA_TYPE_CHUNKED`). */
const CHUNK_TOKENS = 8192
/** Every fourth block attends to everything, without positions and with scaled queries. */
const FULL_EVERY = 4
/** Maverick, with 128 experts, does not normalise q and k. */
const MAVERICK_EXPERTS = 128

const feedForwardPart = expertsOrDense({
  experts: () => ({ gating: 'sigmoid', normaliseWeights: false, weightBefore: true }),
})

function headsOf(b: GraphBuilder, cur: GraphTensor, il: number, queryScale: GraphTensor): Heads {
  const { q, k, v } = queryKeyValue(b, cur, il)
  if ((il + 1) % FULL_EVERY === 0) return { q: mul(q, queryScale), k, v }
  const factors = ropeFactors(b, il)
  const query = rotaryPositions(b, q, factors)
  const key = rotaryPositions(b, k, factors)
  return b.model.expertCount === MAVERICK_EXPERTS ? { q: query, k: key, v } : { q: rmsNorm(query), k: rmsNorm(key), v }
}

export const llama4: Architecture = {
  names: ['llama4'],
  windows: (facts, blockCount) => ({
    slidingWindow: CHUNK_TOKENS,
    windowed: windowedBlocks(facts, blockCount, { period: FULL_EVERY }),
  }),
  graph: (b, { cur }) => {
    const queryScale = inputTensor('f32', 1, 1, b.tokens)
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const [attended, residual] = gatherOutputs(b, il, attention(b, headsOf(b, normed, il, queryScale), il), x)
      const middle = add(attended, residual)
      x = add(feedForwardPart(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il), middle)
    }
    outputHead(b, x)
  },
}
