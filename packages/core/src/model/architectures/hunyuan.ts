import { experts } from '../../graph/builder/experts.ts'
import { feedForward, SHARED_EXPERT } from '../../graph/builder/feed-forward.ts'
import { plainHeads, transformer } from '../../graph/builder/transformer.ts'
import { add } from '../../graph/operations.ts'
import { type Architecture, positionsBySections } from './architecture.ts'

const normAfterRope = transformer({ heads: plainHeads({ normAfterRope: true }) })

/** Hunyuan normalises q and k after their rotation, and so does src/models/maincoder.cpp. */
export const hunyuanDense: Architecture = { names: ['hunyuan-dense', 'maincoder'], graph: normAfterRope }

export const hunyuanVl: Architecture = {
  names: ['hunyuan_vl'],
  positionsPerToken: positionsBySections,
  graph: normAfterRope,
}

export const hunyuanMoe: Architecture = {
  names: ['hunyuan-moe'],
  graph: transformer({
    heads: plainHeads({ normAfterRope: true }),
    feedForward: (b, x, il) => {
      const shared = feedForward(b, x, il, SHARED_EXPERT)
      return add(experts(b, x, il, { gating: 'softmax', normaliseWeights: true }), shared)
    },
  }),
}
