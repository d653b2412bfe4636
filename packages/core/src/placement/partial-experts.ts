import { HOST } from '../memory/run-memory.ts'
import { tensorBytes, type TensorInfo } from '../header/header.ts'
import type { Model } from '../model/model.ts'
import { type Judged, judgeSplit, type Workplace, isAccepted } from './judge.ts'
import type { LayerSplit } from './verdict.ts'

/** The expert matrices of a block, as `LLM_FFN_EXPS_REGEX` names them. */
const EXPERT_MATRIX = /\.(ffn_(?:up|down|gate|gate_up)_(?:ch|)exps)\./

/**
 * The same split with only some matrices of the last block whose experts are on the host left there, as llama.cpp's own
 * fit ends (`LAYER_FRACTION_UP`, `_GATE` of common/fit.cpp): the choice that leaves least on the host and still fits, or
 * undefined where all of them must stay.
 */
export function withPartOfExperts(judged: Judged, workplace: Workplace): Judged | undefined {
  const { split } = judged.placement
  const block = split.expertsOnHost - 1
  if (block < 0) return undefined
  for (const names of partsOf(workplace.model, block)) {
    const pattern = `blk\\.${block}\\.(${names.join('|')})`
    const part: LayerSplit = {
      ...split,
      expertsOnHost: block,
      overrides: [...split.overrides, { pattern, place: HOST }],
    }
    const tried = judgeSplit(part, workplace)
    if (isAccepted(tried)) return tried
  }
  return undefined
}

/** Every choice of some but not all of a block's expert matrices, the smallest first. */
function partsOf(model: Model, block: number): readonly (readonly string[])[] {
  const matrices = model.blockTensors[block]!.filter(({ name }) => EXPERT_MATRIX.test(name))
  const choices = Array.from({ length: 2 ** matrices.length }, (_, mask) =>
    matrices.filter((_tensor, at) => mask & (1 << at)),
  ).slice(1, -1)
  const sizeOf = (tensors: readonly TensorInfo[]): number =>
    tensors.reduce((sum, tensor) => sum + tensorBytes(tensor), 0)
  return choices
    .toSorted((left, right) => sizeOf(left) - sizeOf(right))
    .map((tensors) => tensors.map(({ name }) => EXPERT_MATRIX.exec(name)![1]!))
}
