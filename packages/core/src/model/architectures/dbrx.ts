import { transformer } from '../../graph/builder/transformer.ts'
import type { Architecture } from './architecture.ts'

/** src/models/dbrx.cpp: layer norms without bias, clamped projections, experts in every block. */
export const dbrx: Architecture = {
  names: ['dbrx'],
  graph: transformer({ norm: 'layer', feedForwardNorm: 'attn_output_norm' }),
}
