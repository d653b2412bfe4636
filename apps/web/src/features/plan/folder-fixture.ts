import { describeExl2, exl2FolderOf, type Exl2Model } from '@berth/core'

/** A llama of EXL2 for tests, as small as one can be. */
export function folderModel(): Exl2Model {
  const described = describeExl2(
    exl2FolderOf({
      architecture: 'LlamaForCausalLM',
      ...{ blocks: 2, hidden: 256, heads: 4, keyHeads: 2, headDim: 64, feedForward: 512 },
      ...{ vocab: 320, positions: 4096, bits: 4, headBits: 8 },
    }),
  )
  if (!described.ok) throw new Error(described.issue.code)
  return described.value
}
