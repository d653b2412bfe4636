import { cacheTensors } from '../../context/cache-tensors.ts'
import type { ContextShape } from '../../context/shape.ts'
import { GGML_TYPES, rowBytes } from '../../header/ggml-type.ts'
import { elementCount } from '../../header/header.ts'
import type { Model } from '../../model/model.ts'
import { allocatedBytes } from '../alignment.ts'
import type { Run } from '../run.ts'
import { blockOfTensor } from '../../header/tensor-names.ts'
import { placesOf } from '../weights.ts'
import { addTo, emptyTotals, type PlaceTotals } from '../place-totals.ts'
import { HOST, type RunLayout } from '../run-memory.ts'
import { slicesOf, type SplitOver, type SplitTensor } from './slices.ts'

const splitOver = ({ deviceCount, tensorSplit }: RunLayout): SplitOver => ({ deviceCount, shares: tensorSplit ?? [] })

/** Bytes of weights per device in split mode tensor: slices of the large matrices, copies of all else. Exact. */
export function tensorSplitWeights({ model, layout }: Run): PlaceTotals {
  const totals = emptyTotals(layout.deviceCount)
  for (const info of model.tensors.values()) {
    const places = placesOf(info, model, layout)
    if (places.length === 0) continue
    const hostOnly = places.every((place) => place === HOST)
    const tied = info.name === 'token_embd.weight' && model.tiedOutput
    if (places.includes(HOST)) addTo(totals, HOST, allocatedBytes(bytesOf(info), info.type, info.shape[0]!, false))
    if (hostOnly && !tied) continue
    putSlices(totals, model, splitTensor(info), splitOver(layout))
  }
  return totals
}

const bytesOf = ({ shape, type }: Pick<SplitTensor, 'shape' | 'type'>): number =>
  (elementCount(shape) / GGML_TYPES[type].blockElements) * GGML_TYPES[type].blockBytes

function splitTensor({
  name,
  shape,
  type,
}: {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: SplitTensor['type']
}): SplitTensor {
  const il = blockOfTensor(name)
  return il === undefined ? { stem: name, shape, type } : { stem: name.slice(`blk.${il}.`.length), shape, type, il }
}

function putSlices(totals: PlaceTotals, model: Model, tensor: SplitTensor, over: SplitOver): void {
  const slices = slicesOf(model, tensor, over)
  for (let device = 0; device < over.deviceCount; device++) {
    const shape = [...tensor.shape]
    if (slices) shape[slices.axis] = slices.elements[device]!
    // A slice without rows keeps its padding: only the length of a row decides that.
    addTo(totals, device, allocatedBytes(bytesOf({ shape, type: tensor.type }), tensor.type, shape[0]!, true))
  }
}

/** Bytes of context per device in split mode tensor: whole KV heads, or slices of recurrent states. Exact. */
export function tensorSplitContext({ model, settings, layout }: Run, shape: ContextShape): PlaceTotals {
  const totals = emptyTotals(layout.deviceCount)
  for (let il = 0; il < model.contexts.length; il++) {
    for (const { kind, type, width, rows } of cacheTensors(model.contexts[il]!, shape, settings, model)) {
      if (width === 0) continue
      const slices = slicesOf(model, { stem: `cache_${kind}`, shape: [width, rows], type, il }, splitOver(layout))
      for (let device = 0; device < layout.deviceCount; device++) {
        const own = slices ? slices.elements[device]! : width
        if (own > 0) addTo(totals, device, allocatedBytes(rowBytes(type, own) * rows, type, own, true))
      }
    }
  }
  return totals
}
