import { attentionContext } from '../../context/attention.ts'
import { attention } from '../../graph/builder/attention.ts'
import { type GraphBuilder, outputTensor, requiredTensor } from '../../graph/builder/builder.ts'
import { logits } from '../../graph/builder/head.ts'
import { ssmConv } from '../../graph/builder/mamba.ts'
import { expertsOrDense, headerGating } from '../../graph/builder/mixture.ts'
import { buildNorm } from '../../graph/builder/norm.ts'
import { type StateInputs, stateInputs, withPastColumns } from '../../graph/builder/recurrent-state.ts'
import { residualFirstBlocks } from '../../graph/builder/residual-first.ts'
import { plainHeads } from '../../graph/builder/transformer.ts'
import { mul, mulMat, reshape, view3d } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { Architecture } from './architecture.ts'

const heads = plainHeads({ withoutFactors: true })
const feedForwardPart = expertsOrDense({ experts: (b) => ({ gating: headerGating(b), normaliseWeights: true }) })
const F32_BYTES = 4

/** A short convolution with two gates, in blocks without KV heads. */
function shortConvolution(b: GraphBuilder, states: StateInputs, cur: GraphTensor, il: number): GraphTensor {
  const width = b.model.embeddingLength
  const past = Number(b.model.hyperparameter('shortconv.l_cache')) - 1
  const { sequences } = b
  const steps = b.tokens / sequences
  const projected = mulMat(requiredTensor(b, il, 'shortconv.in_proj'), reshape(cur, width, steps, sequences))
  const { ne, nb } = projected
  const third = ne[0] / 3
  const part = (index: number): GraphTensor =>
    view3d(projected, [third, ne[1], ne[2]], [nb[1], nb[2]], index * third * F32_BYTES)
  const joined = withPastColumns(b, states, mul(part(0), part(2)), { il, past, channels: width })
  const gated = mul(part(1), ssmConv(joined, requiredTensor(b, il, 'shortconv.conv')))
  const out = mulMat(requiredTensor(b, il, 'shortconv.out_proj'), gated)
  return reshape(out, out.ne[0], steps * sequences)
}

/** src/models/lfm2.cpp; the final norm is stored as `token_embd_norm` and its result is an output of the graph. */
export const lfm2: Architecture = {
  names: ['lfm2', 'lfm2moe'],
  outputTensors: ['token_embd_norm'],
  tensorSplit: 'mirrored-states',
  blockContext: (model, il) =>
    model.headCountKv[il] === 0
      ? {
          kind: 'recurrent',
          convolutionState: model.embeddingLength * (Number(model.hyperparameter('shortconv.l_cache')) - 1),
          recurrentState: 0,
        }
      : attentionContext(model, il),
  graph: (b, { cur }) => {
    const states = stateInputs(b)
    const mix = (_: GraphBuilder, x: GraphTensor, il: number): GraphTensor =>
      b.model.headCountKv[il] === 0 ? shortConvolution(b, states, x, il) : attention(b, heads(b, x, il), il)
    const x = residualFirstBlocks(b, cur, { mix, feedForward: feedForwardPart })
    const hidden = buildNorm(b, x, { weight: outputTensor(b, 'output_norm') ?? outputTensor(b, 'token_embd_norm') }, -1)
    hidden.output = true
    logits(b, hidden, {})
  },
}
