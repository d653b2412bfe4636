import { firstBlockTensor, type GraphBuilder, hostTensor, blockTensor } from '../../graph/builder/builder.ts'
import { feedForward, project } from '../../graph/builder/feed-forward.ts'
import { buildNorm } from '../../graph/builder/norm.ts'
import { queryKeyValue } from '../../graph/builder/qkv.ts'
import { type BlockStep, transformer, type TransformerOptions } from '../../graph/builder/transformer.ts'
import { add, div, getRows, unary } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { Architecture } from './architecture.ts'

/** Positions from a table, or biases by distance (ALiBi): nothing is rotated. Layer norms, GELU without a gate. */
const unrotated: TransformerOptions = {
  norm: 'layer',
  heads: queryKeyValue,
  feedForward: (b, x, il) => feedForward(b, x, il, { activation: 'gelu' }),
}

/** By the header's `f_max_alibi_bias`. */
const headerAlibi = ({ model }: GraphBuilder): { readonly alibi: boolean } => ({
  alibi: Number(model.hyperparameter('attention.max_alibi_bias') ?? 0) > 0,
})

/** `position_embd`, read row by row in host memory like `token_embd`. */
const withPositions = (b: GraphBuilder, cur: GraphTensor): GraphTensor =>
  add(cur, getRows(hostTensor(b, 'position_embd'), b.positions))

export const gpt2: Architecture = {
  names: ['gpt2', 'starcoder'],
  graph: (b, { cur, deepstack }) => transformer(unrotated)(b, { cur: withPositions(b, cur), deepstack }),
}

/** src/models/bloom.cpp: the embeddings are normalised on the first block's device. */
export const bloom: Architecture = {
  names: ['bloom'],
  graph: (b, { cur, deepstack }) => {
    const own = { weight: firstBlockTensor(b, 'token_embd_norm'), bias: firstBlockTensor(b, 'token_embd_norm', 'bias') }
    const first = buildNorm(b, cur, own, 0, 'layer')
    transformer({ ...unrotated, attention: () => ({ alibi: true }) })(b, { cur: first, deepstack })
  },
}

/** AWQ divides what GELU answers by scales of its own. */
const scaledActivation: BlockStep = (b, cur, il) => {
  const scales = blockTensor(b, il, 'ffn.act.scales', '')
  const active = unary(project(b, cur, il, 'ffn_up'), 'gelu')
  return project(b, scales ? div(active, scales) : active, il, 'ffn_down')
}

export const mpt: Architecture = {
  names: ['mpt'],
  graph: (b, { cur, deepstack }) => {
    const first = b.model.tensors.has('position_embd.weight') ? withPositions(b, cur) : cur
    transformer({ ...unrotated, feedForward: scaledActivation, attention: headerAlibi })(b, { cur: first, deepstack })
  },
}

/** Layer norms as the others, but a gate in the feed-forward part. */
export const jais: Architecture = {
  names: ['jais'],
  graph: transformer({ norm: 'layer', heads: queryKeyValue, attention: headerAlibi }),
}
