import { attentionContext } from '../../context/attention.ts'
import { ssmContext } from '../../context/recurrent.ts'
import { eachBlock, emit, requiredTensor } from '../../graph/builder/builder.ts'
import { type DeltaNetForm, gatedAttention, gatedDeltaNet } from '../../graph/builder/gated-delta-net.ts'
import { outputHeadKeepingHidden } from '../../graph/builder/head.ts'
import { expertsOrDense } from '../../graph/builder/mixture.ts'
import { stateInputs } from '../../graph/builder/recurrent-state.ts'
import { namedNorm } from '../../graph/builder/transformer.ts'
import { add, mul, mulMat, unary } from '../../graph/operations.ts'
import type { ModelShape } from '../model.ts'
import type { Architecture } from './architecture.ts'

const feedForwardPart = expertsOrDense({
  shared: (b, out, { input, il }) =>
    mul(out, unary(mulMat(requiredTensor(b, il, 'ffn_gate_inp_shexp'), input), 'sigmoid')),
})

/** Every `full_attention_interval`-th block attends; the others are gated delta nets. */
const isRecurrent = (model: ModelShape, il: number): boolean =>
  (il + 1) % Number(model.hyperparameter('full_attention_interval') ?? 4) !== 0

const hybridGraph =
  (form: DeltaNetForm): Architecture['graph'] =>
  (b, { cur }) => {
    const states = stateInputs(b)
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = emit(b, namedNorm(b, x, il, { name: 'attn_norm' }))
      const mixed = isRecurrent(b.model, il)
        ? gatedDeltaNet(b, states, normed, { il, form })
        : gatedAttention(b, normed, { il, form })
      const middle = add(mixed, x)
      x = add(feedForwardPart(b, namedNorm(b, middle, il, { name: 'post_attention_norm' }), il), middle)
    }
    outputHeadKeepingHidden(b, x)
  }

const blockContext = (model: ModelShape, il: number) =>
  isRecurrent(model, il) ? ssmContext(model) : attentionContext(model, il)

export const qwen3next: Architecture = {
  names: ['qwen3next'],
  tensorSplit: 'qwen3next',
  blockContext,
  graph: hybridGraph('qwen3next'),
}
export const qwen35: Architecture = {
  names: ['qwen35', 'qwen35moe'],
  tensorSplit: 'qwen35',
  positionsPerToken: 4,
  blockContext,
  graph: hybridGraph('qwen35'),
}
