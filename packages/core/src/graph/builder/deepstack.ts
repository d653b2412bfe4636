import type { ModelShape } from '../../model/model.ts'

type WithHeader = Pick<ModelShape, 'hyperparameter'>

/** Granite's `deepstack_mapping`: for each block the slice that is added in front of it, or a negative number. */
const mappingOf = ({ hyperparameter }: WithHeader): readonly number[] | undefined => {
  const mapping = hyperparameter('deepstack_mapping')
  return Array.isArray(mapping) ? mapping.map(Number) : undefined
}

/** `n_deepstack_layers`: slices of the embedding beyond the first (Qwen3-VL, Granite Vision). */
export function deepstackLayers(model: WithHeader): number {
  const mapping = mappingOf(model)
  if (mapping) return new Set(mapping.filter((slice) => slice >= 0)).size
  return Number(model.hyperparameter('n_deepstack_layers') ?? 0)
}

/** The slice that is added behind block `il`, which is in front of the next; undefined for none. */
export function deepstackSlice(model: WithHeader, il: number): number | undefined {
  const mapping = mappingOf(model)
  if (!mapping) return il < deepstackLayers(model) ? il + 1 : undefined
  const slice = mapping[il + 1]
  return slice !== undefined && slice >= 0 ? slice : undefined
}
