import { attention } from '../../graph/builder/attention.ts'
import { blockTensor, eachBlock, requiredTensor } from '../../graph/builder/builder.ts'
import { experts } from '../../graph/builder/experts.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { expertsOrDense, headerGating } from '../../graph/builder/mixture.ts'
import { namedNorm, plainHeads, transformer } from '../../graph/builder/transformer.ts'
import { add, mulMat, scale } from '../../graph/operations.ts'
import type { ModelShape } from '../model.ts'
import { type Architecture, windowedAsPatterned, windowedByPattern } from './architecture.ts'

/** Mixtures of experts whose blocks attend to a window in turn with the whole context. */

const softmaxExperts = expertsOrDense({
  experts: () => ({ gating: 'softmax', normaliseWeights: true, weightsScale: 1 }),
})

/** src/models/mellum.cpp. */
export const mellum: Architecture = {
  names: ['mellum'],
  windows: windowedByPattern(4),
  graph: transformer({ heads: plainHeads({ withoutFactors: true }), feedForward: softmaxExperts }),
}

/** src/models/maple.cpp: only windowed blocks carry positions. */
export const maple: Architecture = {
  names: ['maple'],
  windows: windowedAsPatterned,
  graph: transformer({
    heads: plainHeads({ withoutFactors: true, ropes: (b, il) => b.model.windowed[il]! }),
    feedForward: softmaxExperts,
  }),
}

/** src/models/mimo2.cpp: attention sinks where a block has them, and a scale on the attended values. */
export const mimo2: Architecture = {
  names: ['mimo2'],
  windows: windowedAsPatterned,
  graph: transformer({
    heads: plainHeads({ withoutFactors: true }),
    attend: (b, heads, { il }) => {
      const attended = attention(b, heads, il, { sinks: blockTensor(b, il, 'attn_sinks') })
      const factor = Number(b.model.hyperparameter('attention.value_scale') ?? 1)
      return factor === 0 || factor === 1 ? attended : scale(attended)
    },
    feedForward: expertsOrDense({
      experts: () => ({ gating: 'sigmoid', normaliseWeights: true, weightsScale: 1 }),
    }),
  }),
}

/** Fixed in src/models/smallthinker.cpp, whatever number the header gives. */
const SMALLTHINKER_WINDOW = 4096
/** Without a window every block carries positions; else all but every fourth (`n_no_rope_layer_step`). */
const carriesPositions = ({ slidingWindow, runBlockCount }: ModelShape, il: number): boolean =>
  slidingWindow === 0 || runBlockCount === 4 || il % 4 !== 0

/** src/models/smallthinker.cpp: experts are chosen by what enters the block, before attention and norms. */
export const smallthinker: Architecture = {
  names: ['smallthinker'],
  windows: (facts, blockCount) => {
    const own = windowedByPattern(4, { fullFirst: true })(facts, blockCount)
    return own && { ...own, slidingWindow: SMALLTHINKER_WINDOW }
  },
  blockVariant: (model, il) => Number(carriesPositions(model, il)),
  graph: (b, { cur }) => {
    const heads = plainHeads({ withoutFactors: true, ropes: ({ model }, il) => carriesPositions(model, il) })
    const gating = headerGating(b)
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const [attended, residual, chosen] = gatherOutputs(
        b,
        il,
        attention(b, heads(b, normed, il), il),
        x,
        mulMat(requiredTensor(b, il, 'ffn_gate_inp'), x),
      )
      const middle = add(attended, residual)
      const input = namedNorm(b, middle, il, { name: 'ffn_norm' })
      x = add(experts(b, input, il, { gating, normaliseWeights: true, weightsScale: 1, logits: chosen }), middle)
    }
    outputHead(b, x)
  },
}
