import { add } from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import { eachBlock, type GraphBuilder } from './builder.ts'
import { gatherOutputs } from './head.ts'
import { namedNorm } from './transformer.ts'

type BlockPart = (b: GraphBuilder, cur: GraphTensor, il: number) => GraphTensor

export interface ResidualFirstParts {
  /** Attention, a state-space mixer or a convolution, as the block has it. */
  readonly mix: BlockPart
  readonly feedForward: BlockPart
}

/** Blocks of hybrids in which the residual comes first in both additions, and so lends its memory (Jamba, LFM2). */
export function residualFirstBlocks(
  b: GraphBuilder,
  first: GraphTensor,
  { mix, feedForward }: ResidualFirstParts,
): GraphTensor {
  let x = first
  for (const il of eachBlock(b)) {
    const [out, residual] = gatherOutputs(b, il, mix(b, namedNorm(b, x, il, { name: 'attn_norm' }), il), x)
    const middle = add(residual, out)
    x = add(middle, feedForward(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il))
  }
  return x
}
