import type { Exl2Linear, Exl2Model, Exl2Part } from './model.ts'
import { type Exl2Module, isExperts, paddedOutputs } from './modules.ts'
import { pythonFloorDivide } from './python-number.ts'
import type { Exl2Settings } from './settings.ts'

/** What ExLlamaV2 provides for a module while it runs, in bytes. */
export interface Scratch {
  /** `scratch_space_fixed`: its share of the buffer that all modules of a device use in turn. */
  readonly fixed: number
  /** `scratch_space`: what the manual split counts for it. */
  readonly counted: number
  /** `temp_attn_size`: what the manual split counts for attention besides; need not be whole. */
  readonly attention: number
}

const HALF_BYTES = 2
/** Every slice is asked for with this much to spare. */
const SLICE_SPARE = 128
/** `config.max_dq_size`: most elements dequantized at once. */
const MAX_DEQUANTIZED = 512 * 1024 ** 2
/** Attention's weights that flash-attn spares, by the author's own fit (`temp_attn_size`). */
const FLASH_ATTENTION_RATIO = 190

const NONE: Scratch = { fixed: 0, counted: 0, attention: 0 }

/** The provision of each module (exllamav2/attn.py, mlp.py, moe_mlp.py, parallel_decoder.py, linear.py). Exact. */
export function scratchOf(model: Exl2Model, module: Exl2Module, settings: Exl2Settings): Scratch {
  const block = model.blocks[module.block ?? -1]
  const run = { model, settings, block: module.block ?? -1 }
  switch (module.kind) {
    case 'embedding':
    case 'norm':
      return NONE
    case 'head':
      return same(dequantized(model.head))
    case 'attention':
      return attentionScratch(run, block!.attention)
    case 'feed-forward':
    case 'experts':
      return same(feedForwardScratch(run, block!.feedForward))
    case 'parallel': {
      const attention = attentionScratch(run, block!.attention)
      const feedForward = feedForwardScratch(run, block!.feedForward)
      // Only a module that is attention itself has its attention counted (`set_device_map`).
      return {
        fixed: Math.max(attention.fixed, feedForward),
        counted: Math.max(attention.counted, feedForward),
        attention: 0,
      }
    }
  }
}

const same = (size: number): Scratch => ({ fixed: size, counted: size, attention: 0 })

interface BlockRun {
  readonly model: Exl2Model
  readonly settings: Exl2Settings
  readonly block: number
}

/** Tokens of the longest pass over all its sequences. */
export const passTokens = ({ maxInputLen, maxBatchSize }: Exl2Settings): number => maxInputLen * maxBatchSize

const halves = (rows: number, width: number): number => rows * width * HALF_BYTES + SLICE_SPARE

function attentionScratch({ model, settings, block }: BlockRun, part: Exl2Part): Scratch {
  const { headCount, headDim, hiddenSize } = model
  const rows = passTokens(settings)
  const queryWidth = headCount * headDim
  const keyHeads = model.headCountKv[block]!
  const state = halves(rows, Math.max(queryWidth, hiddenSize))
  const keysOfAll = halves(2 * settings.maxSeqLen * settings.maxBatchSize, queryWidth)
  const fixed = state + dequantized(part)
  return {
    fixed,
    counted:
      fixed +
      halves(rows, queryWidth) +
      2 * halves(rows, keyHeads * headDim) +
      (keyHeads === headCount ? 0 : keysOfAll),
    attention: attentionWeights(model, settings),
  }
}

/** `temp_attn_size`, whose floor division is of floats. */
export function attentionWeights({ headCount }: Pick<Exl2Model, 'headCount'>, settings: Exl2Settings): number {
  const { maxAttentionSize, maxSeqLen, flashAttention } = settings
  const most = Math.min(maxAttentionSize, maxSeqLen ** 2)
  const elements = flashAttention ? pythonFloorDivide(most, Math.sqrt(maxAttentionSize) / FLASH_ATTENTION_RATIO) : most
  return 2 * elements * headCount * 2 + SLICE_SPARE
}

function feedForwardScratch({ model, settings, block }: BlockRun, part: Exl2Part): number {
  const rows = passTokens(settings)
  const { hiddenSize } = model
  const width = Math.max(hiddenSize, model.feedForwardLength[block]!)
  const states = halves(rows, hiddenSize) + 2 * halves(rows, width) + dequantized(part)
  if (!isExperts(part)) return states
  // Gathered states and router logits besides (`temp_gathered_state_size`, `temp_logit_size`).
  return states + halves(rows, hiddenSize) + halves(rows, model.expertCount)
}

/** `temp_dq_size`: the largest matrix in halves; of a mixture only the experts' (`ExLlamaV2MoEMLP`). */
function dequantized(part: Exl2Part): number {
  const experts = part.linears.filter(({ role }) => role.includes('experts.*.'))
  const linears = experts.length > 0 ? experts : part.linears
  return linears.reduce((most, linear) => Math.max(most, HALF_BYTES * Math.min(elementsOf(linear), MAX_DEQUANTIZED)), 0)
}

const elementsOf = (linear: Exl2Linear): number => linear.inFeatures * paddedOutputs(linear)
