import { plainHeads, transformer } from '../../graph/builder/transformer.ts'
import type { ModelShape } from '../model.ts'
import type { Architecture } from './architecture.ts'

/** llama.cpp tells the 7B from the 13B by their blocks; of any other size it adds neither positions nor biases. */
const ROTARY_BLOCKS = 32
const ALIBI_BLOCKS = 40

const hasBlocks = ({ runBlockCount }: ModelShape, count: number): boolean => runBlockCount === count

/** src/models/baichuan.cpp: the 7B rotates, the 13B attends with linear biases (ALiBi). */
export const baichuan: Architecture = {
  names: ['baichuan'],
  graph: transformer({
    heads: plainHeads({ ropes: ({ model }) => hasBlocks(model, ROTARY_BLOCKS) }),
    attention: ({ model }) => ({ alibi: hasBlocks(model, ALIBI_BLOCKS) }),
  }),
}
