import { blockOfTensor } from '../header/tensor-names.ts'
import type { TensorInfo } from '../header/header.ts'
import type { Model } from '../model/model.ts'
import { weightBytesIn } from './alignment.ts'
import { placeLookup } from './overrides.ts'
import { addTo, emptyTotals, type PlaceTotals } from './place-totals.ts'
import { HOST, type PlaceIndex, type RunLayout } from './run-memory.ts'

/** Global tensors that llama-arch.cpp files under LLM_TENSOR_LAYER_OUTPUT: they lie with the output layer. */
const OUTPUT_TENSORS = [
  'output',
  'output_norm',
  'cls',
  'cls_norm',
  'dense_2',
  'dense_3',
  'altup_proj',
  'altup_unembd_proj',
]
/** Global tensors under LLM_TENSOR_LAYER_REPEATING: created for block 0. */
const FIRST_BLOCK_TENSORS = ['token_embd_norm', 'per_layer_model_proj', 'per_layer_proj_norm']

/**
 * Bytes of weights per place. Exact; mirrors `llama_model_base::load_tensors` and `llama_model_loader::create_tensor`
 * (llama.cpp 0.5.0-dev). The host figure is the sum of its tensors, which is what must be in RAM; the mapped range that
 * llama.cpp prints for `CPU_Mapped` can be nearly the whole file.
 */
export function weightTotals(model: Model, layout: RunLayout): PlaceTotals {
  const totals = emptyTotals(layout.deviceCount)
  const override = placeLookup(model, layout.overrides)
  const put = (tensor: TensorInfo, place: PlaceIndex): void => {
    const lying = override(tensor.name, place)
    addTo(totals, lying, weightBytesIn(tensor, lying !== HOST))
  }
  const isWhole = layout.overrides.length === 0 && model.hostTensors.size === 0
  for (let il = 0; il < model.runBlockCount; il++) {
    const place = layout.layers[il]!
    const whole = model.blockBytes[il]!
    if (isWhole) addTo(totals, place, place === HOST ? whole.host : whole.device)
    else for (const tensor of model.blockTensors[il]!) put(tensor, place)
  }
  for (const tensor of model.speculativeTensors) put(tensor, layout.layers[blockOfTensor(tensor.name)!]!)
  for (const tensor of model.globalTensors) for (const place of placesOf(tensor, model, layout)) put(tensor, place)
  return totals
}

/** Where copies of a tensor lie before overrides: none for skipped ones, several for duplicated ones. */
export function placesOf(tensor: TensorInfo, model: Model, layout: RunLayout): readonly PlaceIndex[] {
  const il = blockOfTensor(tensor.name)
  if (il !== undefined) {
    return il < model.runBlockCount || model.speculativeTensors.includes(tensor) ? [layout.layers[il]!] : []
  }
  const stem = tensor.name.replace(/\.(weight|bias|scale)$/, '')
  const output = layout.layers[model.blockCount]!
  if (stem === 'token_embd') return model.tiedOutput && output !== HOST ? [HOST, output] : [HOST]
  if (stem.startsWith('rope_f')) return placesWithRopeFactors(model, layout)
  if (OUTPUT_TENSORS.includes(stem) || model.outputTensors.includes(stem)) return [output]
  return [FIRST_BLOCK_TENSORS.includes(stem) ? layout.layers[0]! : HOST]
}

/** TENSOR_DUPLICATED: one copy on each place that holds a block which reads the factors. */
function placesWithRopeFactors(model: Model, layout: RunLayout): readonly PlaceIndex[] {
  const places = layout.layers.slice(0, model.blockCount)
  return [...new Set(places.filter((_, il) => model.readsRopeFactors[il] && model.weightBlock[il] === il))]
}
