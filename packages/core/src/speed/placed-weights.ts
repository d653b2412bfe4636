import { elementCount, type TensorInfo, tensorBytes } from '../header/header.ts'
import type { PlaceIndex, RunLayout } from '../memory/run-memory.ts'
import type { OverrideLookup } from '../memory/overrides.ts'
import { isTied, placesOf } from '../memory/weights.ts'
import type { Model } from '../model/model.ts'

/** The weights of one layer that lie at one place. Bytes are those of the file. */
export interface PlacedWeights {
  readonly place: PlaceIndex
  /** Norms, biases and the like. */
  vectorBytes: number
  /** Matrices that every token is multiplied by. */
  denseBytes: number
  denseElements: number
  /** All experts of the layer, of which a token uses some. */
  expertBytes: number
  expertElements: number
  /** Kernels that they cost. */
  vectorLaunches: number
  matrixLaunches: number
}

/** What a run multiplies by: of every block that runs, of the output layer, and of no layer in particular. */
export interface RunWeights {
  readonly blocks: readonly (readonly PlacedWeights[])[]
  readonly output: readonly PlacedWeights[]
  readonly others: readonly PlacedWeights[]
}

/**
 * A matrix costs one launch to multiply and about one more around it: its input quantized, a rotation, a sum. A norm
 * costs one; a bias is added by its neighbour.
 */
const LAUNCHES_PER_MATRIX = 2

/** Tables that are looked up row by row: nothing of them is worth counting. */
const isTable = (name: string): boolean =>
  /^(token_embd|per_layer_token_embd|position_embd|token_types|rope_f)/.test(name)

export function runWeights(model: Model, layout: RunLayout, override: OverrideLookup): RunWeights {
  const output: PlacedWeights[] = []
  const others: PlacedWeights[] = []
  const outputPlace = layout.layers[model.blockCount]!
  for (const tensor of model.globalTensors) {
    // A tied table is the output matrix as well.
    const isOutput = tensor.name.startsWith('output') || (tensor.name === 'token_embd.weight' && isTied(model))
    if (isOutput) addTensor(output, tensor, override(tensor.name, outputPlace))
    else if (!isTable(tensor.name)) {
      for (const place of placesOf(tensor, model, layout)) addTensor(others, tensor, override(tensor.name, place))
    }
  }
  const blocks = model.blockTensors.map((tensors, il) => {
    const placed: PlacedWeights[] = []
    for (const tensor of tensors) addTensor(placed, tensor, override(tensor.name, layout.layers[il]!))
    return placed
  })
  return { blocks, output, others }
}

function addTensor(placed: PlacedWeights[], tensor: TensorInfo, place: PlaceIndex): void {
  const at = placed.find((one) => one.place === place) ?? emptyAt(place)
  if (!placed.includes(at)) placed.push(at)
  const size = tensorBytes(tensor)
  // Experts' biases have two dimensions as well, and are only added.
  if (tensor.shape.length < 2 || tensor.name.endsWith('.bias')) {
    at.vectorBytes += size
    at.vectorLaunches += tensor.name.endsWith('.weight') ? 1 : 0
    return
  }
  at.matrixLaunches += LAUNCHES_PER_MATRIX
  const isExpert = tensor.name.includes('exps')
  at[isExpert ? 'expertBytes' : 'denseBytes'] += size
  at[isExpert ? 'expertElements' : 'denseElements'] += elementCount(tensor.shape)
}

const emptyAt = (place: PlaceIndex): PlacedWeights => ({
  place,
  vectorBytes: 0,
  denseBytes: 0,
  denseElements: 0,
  expertBytes: 0,
  expertElements: 0,
  vectorLaunches: 0,
  matrixLaunches: 0,
})
