import { attentionContext } from '../../context/attention.ts'
import { attention } from '../../graph/builder/attention.ts'
import { eachBlock, emit, type GraphBuilder, requiredTensor } from '../../graph/builder/builder.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { namedNorm, plainHeads } from '../../graph/builder/transformer.ts'
import { add, mulMat } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { Architecture } from './architecture.ts'

const heads = plainHeads()

/** What stands in attention's place: attention, one matrix ("linear attention"), or nothing. */
function attentionPart(b: GraphBuilder, cur: GraphTensor, il: number): GraphTensor {
  if (b.model.headCount[il] === 0) return cur
  const normed = namedNorm(b, cur, il, { name: 'attn_norm' })
  if (b.model.headCountKv[il] === 0) return mulMat(requiredTensor(b, il, 'attn_output'), normed)
  return attention(b, heads(b, normed, il), il)
}

/**
 * src/models/deci.cpp (Llama-Nemotron): blocks without attention or without a feed-forward part. What a block of the
 * latter kind attends to is computed and dropped: llama.cpp leaves the residual as it was.
 */
export const deci: Architecture = {
  names: ['deci'],
  // Blocks without KV heads have tensors in the cache all the same; V's are padded where it is transposed.
  blockContext: (model, il) =>
    model.headCountKv[il] === 0
      ? { kind: 'attention', keyWidth: 0, valueWidth: 0, windowed: false }
      : attentionContext(model, il),
  graph: (b, { cur }) => {
    let x = cur
    for (const il of eachBlock(b)) {
      const [attended, residual] = gatherOutputs(b, il, attentionPart(b, x, il), x)
      if (b.model.feedForwardLength[il] === 0) continue
      const middle = b.model.headCount[il]! > 0 ? add(attended, residual) : attended
      // Blocks without attention put nothing into the graph of themselves; the order is the same.
      x = emit(b, add(feedForward(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il), middle))
    }
    outputHead(b, x)
  },
}
