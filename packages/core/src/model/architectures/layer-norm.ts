import { attention } from '../../graph/builder/attention.ts'
import { eachBlock, blockTensor } from '../../graph/builder/builder.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { namedNorm, plainHeads, transformer } from '../../graph/builder/transformer.ts'
import { add } from '../../graph/operations.ts'
import type { Architecture } from './architecture.ts'

const heads = plainHeads({ norm: 'layer', withoutFactors: true })

export const starcoder2: Architecture = {
  names: ['starcoder2'],
  graph: transformer({
    norm: 'layer',
    heads,
    feedForward: (b, x, il) => feedForward(b, x, il, { activation: 'gelu' }),
  }),
}

/** src/models/stablelm.cpp: without a second norm the feed-forward part reads the first one's result. */
export const stablelm: Architecture = {
  names: ['stablelm'],
  graph: (b, { cur }) => {
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm', kind: 'layer' })
      const [attended, residual, first] = gatherOutputs(b, il, attention(b, heads(b, normed, il), il), x, normed)
      const middle = add(attended, residual)
      const input = blockTensor(b, il, 'ffn_norm')
        ? namedNorm(b, middle, il, { name: 'ffn_norm', kind: 'layer' })
        : first
      x = add(feedForward(b, input, il), middle)
    }
    outputHead(b, x, { kind: 'layer' })
  },
}

/** src/models/falcon.cpp: attention and feed-forward side by side, with a norm each in the 40B. */
export const falcon: Architecture = {
  names: ['falcon'],
  graph: (b, { cur }) => {
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm', kind: 'layer' })
      const own = blockTensor(b, il, 'attn_norm_2')
        ? namedNorm(b, x, il, { name: 'attn_norm_2', kind: 'layer' })
        : normed
      const [attended, residual, input] = gatherOutputs(b, il, attention(b, heads(b, own, il), il), x, normed)
      x = add(add(feedForward(b, input, il, { activation: 'gelu' }), attended), residual)
    }
    outputHead(b, x, { kind: 'layer' })
  },
}
