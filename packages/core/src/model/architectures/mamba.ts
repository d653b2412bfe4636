import { eachBlock } from '../../graph/builder/builder.ts'
import { ssmContext } from '../../context/recurrent.ts'
import type { GraphBuilder } from '../../graph/builder/builder.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { mamba1, mamba2 as mamba2Block } from '../../graph/builder/mamba.ts'
import { type StateInputs, stateInputs } from '../../graph/builder/recurrent-state.ts'
import { namedNorm } from '../../graph/builder/transformer.ts'
import { add } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { Architecture } from './architecture.ts'

type Mixer = (b: GraphBuilder, inputs: StateInputs, cur: GraphTensor, il: number) => GraphTensor

const mambaGraph =
  (mixer: Mixer): Architecture['graph'] =>
  (b, { cur }) => {
    const states = stateInputs(b)
    let x = cur
    for (const il of eachBlock(b)) {
      const mixed = mixer(b, states, namedNorm(b, x, il, { name: 'attn_norm' }), il)
      const [out, residual] = gatherOutputs(b, il, mixed, x)
      x = add(out, residual)
    }
    outputHead(b, x)
  }

export const mamba: Architecture = {
  names: ['mamba'],
  blockContext: ssmContext,
  graph: mambaGraph(mamba1),
}
export const mamba2: Architecture = {
  names: ['mamba2'],
  blockContext: ssmContext,
  graph: mambaGraph(mamba2Block),
}
