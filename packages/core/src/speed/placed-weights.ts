import { elementCount, type TensorInfo, tensorBytes } from '../header/header.ts'
import { placeLookup } from '../memory/overrides.ts'
import { HOST, type PlaceIndex, type RunLayout } from '../memory/run-memory.ts'
import { placesOf } from '../memory/weights.ts'
import type { Model } from '../model/model.ts'

/** The weights of one layer that lie at one place. Bytes are those of the file. */
export interface PlacedWeights {
  readonly place: PlaceIndex
  /** No device has a kernel for them: however large the batch, the host multiplies. */
  readonly hostOnly: boolean
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

export function runWeights(model: Model, layout: RunLayout): RunWeights {
  const override = placeLookup(model, layout.overrides)
  const put = (placed: PlacedWeights[], tensor: TensorInfo, layer: PlaceIndex): void => {
    const place = override(tensor.name, layer)
    addTensor(placed, tensor, { place, hostOnly: place === HOST && model.hostTensors.has(tensor.name) })
  }
  const output: PlacedWeights[] = []
  const others: PlacedWeights[] = []
  const outputPlace = layout.layers[model.blockCount]!
  // Without an output matrix the table of embeddings is multiplied by: a copy of it, or the one in host memory.
  const headless = !model.tensors.has('output.weight')
  for (const tensor of model.globalTensors) {
    const isHead = headless && tensor.name === 'token_embd.weight'
    if (isHead) put(output, tensor, model.tiedOutput ? outputPlace : HOST)
    else if (tensor.name.startsWith('output')) put(output, tensor, outputPlace)
    else if (!isTable(tensor.name)) for (const place of placesOf(tensor, model, layout)) put(others, tensor, place)
  }
  const blocks = Array.from({ length: model.runBlockCount }, (_, il) => {
    const at = model.weightBlock[il]!
    const placed: PlacedWeights[] = []
    for (const tensor of model.blockTensors[at]!) put(placed, tensor, layout.layers[at]!)
    return placed
  })
  return { blocks, output, others }
}

/** Where the output matrix is multiplied by: at its layer, or on the host by the embeddings there. */
export const headPlace = ({ output }: RunWeights, { layers }: RunLayout, { blockCount }: Model): PlaceIndex =>
  output.find(({ matrixLaunches }) => matrixLaunches > 0)?.place ?? layers[blockCount]!

type Where = Pick<PlacedWeights, 'place' | 'hostOnly'>

function addTensor(placed: PlacedWeights[], tensor: TensorInfo, where: Where): void {
  const at =
    placed.find(({ place, hostOnly }) => place === where.place && hostOnly === where.hostOnly) ?? emptyAt(where)
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

const emptyAt = (where: Where): PlacedWeights => ({
  ...where,
  vectorBytes: 0,
  denseBytes: 0,
  denseElements: 0,
  expertBytes: 0,
  expertElements: 0,
  vectorLaunches: 0,
  matrixLaunches: 0,
})
