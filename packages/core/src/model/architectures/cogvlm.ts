import { outputHead } from '../../graph/builder/head.ts'
import { plainHeads, transformer } from '../../graph/builder/transformer.ts'
import type { Architecture } from './architecture.ts'

/**
 * src/models/cogvlm.cpp, as it runs for text: the matrices for images (`vis_*`) are loaded and idle. No row is left out:
 * it answers logits for every token of the batch.
 */
export const cogvlm: Architecture = {
  names: ['cogvlm'],
  graph: transformer({ heads: plainHeads({ withoutFactors: true }), gatherInHead: true, head: outputHead }),
}
