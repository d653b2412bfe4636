import { eachBlock } from '../../graph/builder/builder.ts'
import { attentionContext } from '../../context/attention.ts'
import { ssmContext } from '../../context/recurrent.ts'
import { attention } from '../../graph/builder/attention.ts'
import { expertsOrDense } from '../../graph/builder/mixture.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { mamba2 } from '../../graph/builder/mamba.ts'
import { stateInputs } from '../../graph/builder/recurrent-state.ts'
import { namedNorm, plainHeads } from '../../graph/builder/transformer.ts'
import { add, scale } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { Architecture } from './architecture.ts'

const feedForwardPart = expertsOrDense()
/** Granite 4 carries positions unless its header says it was finetuned without (`rope.scaling.finetuned`). */
const heads = plainHeads({ ropes: (b) => (b.model.hyperparameter('rope.scaling.finetuned') ?? true) !== false })

/** src/models/granite-hybrid.cpp: blocks without KV heads are Mamba-2. */
export const graniteHybrid: Architecture = {
  names: ['granitehybrid'],
  blockContext: (model, il) => (model.headCountKv[il] === 0 ? ssmContext(model) : attentionContext(model, il)),
  graph: (b, { cur }) => {
    const states = stateInputs(b)
    const hasScale = (key: string): boolean => Number(b.model.hyperparameter(key) ?? 0) !== 0
    const scaled = (x: GraphTensor): GraphTensor => (hasScale('residual_scale') ? scale(x) : x)
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const mixed =
        b.model.headCountKv[il] === 0 ? mamba2(b, states, normed, il) : attention(b, heads(b, normed, il), il)
      const [out, residual] = gatherOutputs(b, il, mixed, x)
      const middle = add(scaled(out), residual)
      x = add(scaled(feedForwardPart(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il)), middle)
    }
    outputHead(b, x, { scaled: hasScale('logit_scale') })
  },
}
