import { attention } from '../../graph/builder/attention.ts'
import { eachBlock, blockTensor, hostTensor } from '../../graph/builder/builder.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { queryKeyValue } from '../../graph/builder/qkv.ts'
import { namedNorm, plainHeads, transformer } from '../../graph/builder/transformer.ts'
import { add, getRows } from '../../graph/operations.ts'
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

/** src/models/orion.cpp: LLaMA with layer norms. */
export const orion: Architecture = { names: ['orion'], graph: transformer({ norm: 'layer', heads }) }

/** src/models/olmo.cpp: layer norms without weights, and projections clamped where the header says so. */
export const olmo: Architecture = { names: ['olmo'], graph: transformer({ norm: 'layer', bareNorms: true, heads }) }

/** src/models/starcoder.cpp: positions are learned and added to the embeddings. */
export const starcoder: Architecture = {
  names: ['starcoder'],
  graph: (b, { cur, deepstack }) =>
    transformer({
      norm: 'layer',
      heads: queryKeyValue,
      feedForward: (_, x, il) => feedForward(b, x, il, { activation: 'gelu' }),
    })(b, { cur: add(cur, getRows(hostTensor(b, 'position_embd'), b.positions)), deepstack }),
}

/** src/models/jais.cpp: slopes by head (ALiBi) instead of positions. */
export const jais: Architecture = {
  names: ['jais'],
  graph: transformer({
    norm: 'layer',
    heads: queryKeyValue,
    attention: (b) => ({ alibi: Number(b.model.hyperparameter('attention.max_alibi_bias') ?? 0) > 0 }),
  }),
}

/** src/models/jais2.cpp: positions again, and squared ReLU without a gate. */
export const jais2: Architecture = {
  names: ['jais2'],
  graph: transformer({
    norm: 'layer',
    heads,
    feedForward: (b, x, il) => feedForward(b, x, il, { activation: 'relu-squared' }),
  }),
}
