import { plainHeads, transformer } from '../../graph/builder/transformer.ts'
import type { Architecture } from './architecture.ts'

/** src/models/ernie4-5-moe.cpp: rotation without factors; experts where a block has a router. */
export const ernieMoe: Architecture = {
  names: ['ernie4_5-moe'],
  graph: transformer({ heads: plainHeads({ withoutFactors: true }) }),
}
