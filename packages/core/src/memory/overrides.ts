import type { Model } from '../model/model.ts'
import { HOST, type PlaceIndex, type TensorOverride } from './run-memory.ts'

/** `LLM_FFN_EXPS_REGEX` of common/common.h: the expert matrices of a block. */
const EXPERT_TENSORS = String.raw`\.ffn_(up|down|gate|gate_up)_(ch|)exps`

/** `--n-cpu-moe N`, its one override a block written as one pattern; a negative count stands for `--cpu-moe`, all blocks. */
export function expertOverrides(blocks: number, place: PlaceIndex): readonly TensorOverride[] {
  if (blocks === 0) return []
  if (blocks < 0) return [{ pattern: EXPERT_TENSORS, place }]
  const numbers = Array.from({ length: blocks }, (_, il) => il).join('|')
  return [{ pattern: String.raw`blk\.(${numbers})${EXPERT_TENSORS}`, place }]
}

/**
 * An override that finds no tensor. Any override at all rules pipeline parallelism out (`has_tensor_overrides` in
 * llama_context), and no flag of its own does.
 */
export const PIPELINE_OFF: TensorOverride = { pattern: 'pipeline-off', place: HOST }

/** Whether it is there for what it moves, and not for its presence alone. */
export const movesTensors = ({ pattern }: TensorOverride): boolean => pattern !== PIPELINE_OFF.pattern

export type OverrideLookup = (tensorName: string, place: PlaceIndex) => PlaceIndex

/**
 * Where a tensor lies that its layer would put at a place (`llama_model_loader::create_tensor`): the first pattern that is
 * found anywhere in its name wins; without one, it stays on the host if no device has a kernel for its use.
 */
export function placeLookup({ hostTensors }: Model, overrides: readonly TensorOverride[]): OverrideLookup {
  const override = overrideLookup(overrides)
  if (hostTensors.size === 0) return override
  return (name, place) => override(name, hostTensors.has(name) ? HOST : place)
}

export function overrideLookup(overrides: readonly TensorOverride[]): OverrideLookup {
  if (overrides.length === 0) return (_, place) => place
  const patterns = overrides.map(({ pattern, place }) => ({ expression: new RegExp(pattern), place }))
  const known = new Map<string, PlaceIndex | undefined>()
  return (tensorName, place) => {
    if (!known.has(tensorName)) {
      known.set(tensorName, patterns.find(({ expression }) => expression.test(tensorName))?.place)
    }
    return known.get(tensorName) ?? place
  }
}
