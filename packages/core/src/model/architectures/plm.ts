import { requiredTensor } from '../../graph/builder/builder.ts'
import { expandedHeads } from '../../graph/builder/expanded-latent.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { transformer } from '../../graph/builder/transformer.ts'
import { mulMat } from '../../graph/operations.ts'
import type { Architecture } from './architecture.ts'

/** src/models/plm.cpp: latents are decompressed before they are stored. */
export const plm: Architecture = {
  names: ['plm'],
  graph: transformer({
    heads: (b, x, il) => expandedHeads(b, mulMat(requiredTensor(b, il, 'attn_q'), x), x, { il }),
    feedForward: (b, x, il) => feedForward(b, x, il, { activation: 'relu-squared' }),
  }),
}
