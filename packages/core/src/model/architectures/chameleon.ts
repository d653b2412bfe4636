import { attention } from '../../graph/builder/attention.ts'
import { eachBlock, type GraphBuilder } from '../../graph/builder/builder.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { namedNorm, plainHeads } from '../../graph/builder/transformer.ts'
import { add, clamp, result } from '../../graph/operations.ts'
import { type GraphTensor, newTensor } from '../../graph/tensor.ts'
import type { Architecture } from './architecture.ts'

/** Tokens 4 to 8195 stand for pieces of images. */
const IMAGE_TOKENS = 8192

const heads = plainHeads({ norm: 'layer', withoutFactors: true })

/** Image tokens are never answered: the logits are copied with theirs overwritten. */
const withoutImages = (logits: GraphTensor): GraphTensor =>
  result('SET', 'f32', logits.ne, [logits, clamp(newTensor('f32', [IMAGE_TOKENS, 1, 1, 1]))])

const normsBehind = ({ model }: GraphBuilder): boolean => Boolean(model.hyperparameter('swin_norm'))

/**
 * src/models/chameleon.cpp. The 34B has its norms behind each part (`swin_norm`); its feed-forward part then reads the
 * normalised attention and not the sum with the residual.
 */
export const chameleon: Architecture = {
  names: ['chameleon'],
  graph: (b, { cur }) => {
    const behind = normsBehind(b)
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = (y: GraphTensor, name: string): GraphTensor => namedNorm(b, y, il, { name })
      const input = behind ? x : normed(x, 'attn_norm')
      const [out, residual] = gatherOutputs(b, il, attention(b, heads(b, input, il), il), x)
      const attended = behind ? normed(out, 'attn_norm') : out
      const middle = add(attended, residual)
      const fed = feedForward(b, behind ? attended : normed(middle, 'ffn_norm'), il)
      x = add(behind ? normed(fed, 'ffn_norm') : fed, middle)
    }
    outputHead(b, x, { last: withoutImages })
  },
}
