import { outputHeadKeepingHidden } from '../../graph/builder/head.ts'
import { expertsOrDense, headerGating, headerNormalises } from '../../graph/builder/mixture.ts'
import { transformer } from '../../graph/builder/transformer.ts'
import type { Architecture } from './architecture.ts'

/** src/models/hy-v3.cpp: experts beside a shared one; speculative blocks leave their feed-forward part behind. */
export const hyV3: Architecture = {
  names: ['hy_v3'],
  loadsOfSpeculative: (name) =>
    /\.(ffn_(gate|down|up|gate_up)(_exps|_shexp)?|ffn_gate_inp|exp_probs_b|nextn\.(embed_tokens|shared_head_head|shared_head_norm))(\.weight)?$/.test(
      name,
    ),
  graph: transformer({
    feedForward: expertsOrDense({
      experts: (b) => ({ gating: headerGating(b, 'sigmoid'), normaliseWeights: headerNormalises(b) }),
    }),
    gatherInHead: true,
    head: outputHeadKeepingHidden,
  }),
}
