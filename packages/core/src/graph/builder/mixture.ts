import { add } from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import { blockTensor, type GraphBuilder } from './builder.ts'
import { type ExpertOptions, experts, type Gating } from './experts.ts'
import { type Activation, feedForward, SHARED_EXPERT } from './feed-forward.ts'

/** `llama_expert_gating_func_type` of llama-hparams.h; 0 leaves it to the architecture. */
const GATINGS: readonly (Gating | undefined)[] = [undefined, 'softmax', 'sigmoid', 'softmax-of-chosen']

/** The router's function as the header names it. */
export const headerGating = (b: GraphBuilder, otherwise: Gating = 'softmax'): Gating =>
  GATINGS[Number(b.model.hyperparameter('expert_gating_func') ?? 0)] ?? otherwise

export const headerNormalises = (b: GraphBuilder): boolean => {
  const found = b.model.hyperparameter('expert_weights_norm')
  return found === true || found === 1
}

export interface MixtureOptions {
  readonly experts?: (b: GraphBuilder) => ExpertOptions
  readonly activation?: Activation
  /** Whether the architecture reads the header's limits of gated units. */
  readonly limited?: true
  /** What becomes of the shared expert before it is added (Qwen's gate). */
  readonly shared?: (
    b: GraphBuilder,
    out: GraphTensor,
    routed: { readonly input: GraphTensor; readonly il: number },
  ) => GraphTensor
}

const PLAIN_EXPERTS: ExpertOptions = { gating: 'softmax', normaliseWeights: true }

/** Experts where the block has a router, with the shared expert where it has one; a dense feed-forward part elsewhere. */
export const expertsOrDense =
  (options: MixtureOptions = {}) =>
  (b: GraphBuilder, cur: GraphTensor, il: number): GraphTensor => {
    const { activation, limited } = options
    const own = { ...(activation && { activation }), ...(limited && { limited }) }
    if (!blockTensor(b, il, 'ffn_gate_inp')) return feedForward(b, cur, il, own)
    const routed = experts(b, cur, il, { ...(options.experts?.(b) ?? PLAIN_EXPERTS), limited: limited ?? false })
    if (!blockTensor(b, il, 'ffn_up_shexp')) return routed
    const out = feedForward(b, cur, il, { ...SHARED_EXPERT, ...own })
    return add(routed, options.shared ? options.shared(b, out, { input: cur, il }) : out)
  }

/** The header's leading blocks dense, then in every other routed experts beside a shared one. */
export function expertsAfterLeadingDense(
  b: GraphBuilder,
  cur: GraphTensor,
  il: number,
  options: Omit<ExpertOptions, 'normaliseWeights'>,
): GraphTensor {
  if (il < Number(b.model.hyperparameter('leading_dense_block_count') ?? 0)) return feedForward(b, cur, il)
  const routed = experts(b, cur, il, { ...options, normaliseWeights: headerNormalises(b) })
  return add(routed, feedForward(b, cur, il, SHARED_EXPERT))
}
