import { type GraphBuilder, requiredTensor, ropeFactors } from '../../graph/builder/builder.ts'
import { expandedHeads } from '../../graph/builder/expanded-latent.ts'
import { finalNorm, logits } from '../../graph/builder/head.ts'
import { compressedQuery } from '../../graph/builder/latent-attention.ts'
import { transformer } from '../../graph/builder/transformer.ts'
import { mulMat, scale } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { Architecture } from './architecture.ts'
import { graniteGraph } from './granite.ts'

/** src/models/minicpm.cpp: Granite's graph; files from before these keys have the same scales by default. */
export const minicpm: Architecture = {
  names: ['minicpm'],
  graph: (b, { cur, deepstack }) => {
    const isScaled = b.model.hyperparameter('embedding_scale') !== undefined
    graniteGraph({ residualScale: 1 })(b, { cur: isScaled ? cur : scale(cur), deepstack })
  },
}

/** The output matrix reads the scaled norm, which stays as it was: it is an output too (`t_embd`). */
function scaledHead(b: GraphBuilder, cur: GraphTensor): void {
  const hidden = finalNorm(b, cur)
  hidden.output = true
  logits(b, scale(hidden), {})
}

/** src/models/minicpm3.cpp: latents are decompressed before they are stored; every part is scaled. */
export const minicpm3: Architecture = {
  names: ['minicpm3'],
  graph: (b, { cur, deepstack }) =>
    transformer({
      heads: (_, x, il) => {
        const q = mulMat(requiredTensor(b, il, 'attn_q_b'), compressedQuery(b, x, il)!)
        return expandedHeads(b, q, x, { il, factors: ropeFactors(b, il) })
      },
      afterAttention: (_, x) => scale(x),
      afterFeedForward: (_, x) => scale(x),
      head: scaledHead,
    })(b, { cur: scale(cur), deepstack }),
}
