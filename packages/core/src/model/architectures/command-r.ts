import { eachBlock } from '../../graph/builder/builder.ts'
import { attention } from '../../graph/builder/attention.ts'
import type { GraphBuilder } from '../../graph/builder/builder.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { namedNorm, plainHeads } from '../../graph/builder/transformer.ts'
import { add } from '../../graph/operations.ts'
import { type Architecture, windowedExceptEvery } from './architecture.ts'

/** Cohere: attention and feed-forward read the same norm, side by side. */
const cohereGraph =
  (ropes: (b: GraphBuilder, il: number) => boolean): Architecture['graph'] =>
  (b, { cur }) => {
    const heads = plainHeads({ norm: 'layer', withoutFactors: true, ropes })
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm', kind: 'layer' })
      const [attended, residual, input] = gatherOutputs(b, il, attention(b, heads(b, normed, il), il), x, normed)
      x = add(add(feedForward(b, input, il), residual), attended)
    }
    outputHead(b, x, { kind: 'layer', scaled: true })
  }

export const commandR: Architecture = { names: ['command-r'], graph: cohereGraph(() => true) }

/** Only windowed blocks carry positions. */
export const cohere2: Architecture = {
  names: ['cohere2'],
  windows: windowedExceptEvery(4),
  graph: cohereGraph((b, il) => b.model.windowed[il]!),
}
