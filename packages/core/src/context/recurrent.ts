import type { ModelShape } from '../model/model.ts'
import type { BlockContext } from './block-context.ts'

/** `ssm.*` of the header, in elements. */
export interface SsmSizes {
  readonly convolution: number
  readonly inner: number
  readonly state: number
  /** Mamba-1: rank of the time step; Mamba-2: heads. */
  readonly timeStep: number
  readonly groups: number
}

export const ssmSizes = ({ hyperparameter }: Pick<ModelShape, 'hyperparameter'>): SsmSizes => ({
  convolution: Number(hyperparameter('ssm.conv_kernel') ?? 0),
  inner: Number(hyperparameter('ssm.inner_size') ?? 0),
  state: Number(hyperparameter('ssm.state_size') ?? 0),
  timeStep: Number(hyperparameter('ssm.time_step_rank') ?? 0),
  groups: Number(hyperparameter('ssm.group_count') ?? 0),
})

/** `llama_hparams::n_embd_r` and `n_embd_s` of state-space blocks: the convolution's past columns, and the state. */
export function ssmContext(model: ModelShape): BlockContext {
  const { convolution, inner, state, groups } = ssmSizes(model)
  return {
    kind: 'recurrent',
    convolutionState: (convolution - 1) * (inner + 2 * groups * state),
    recurrentState: state * inner,
  }
}
