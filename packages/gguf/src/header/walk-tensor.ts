import { GGML_TYPES, ggmlTypeById, padTo, tensorBytes, type TensorInfo } from '@berth/core'
import { shown } from '@berth/sources'
import { GgufError } from '../errors.ts'
import { MAX_DIMENSIONS, MAX_SAFE_SIZE, MAX_TENSOR_NAME_BYTES } from '../limits.ts'
import { need, readName, readU32, type Cursor, type Walk } from './cursor.ts'

/** A tensor and where its data begins, counted from the start of the file's data section. */
export interface PlacedTensor extends TensorInfo {
  readonly offset: number
}

/** The data section as far as it is laid out. */
export interface TensorLayout {
  readonly alignment: number
  readonly tensors: PlacedTensor[]
  readonly names: Set<string>
  /** Where the next tensor must begin. */
  nextOffset: number
  /** Where the last tensor ends, without padding. */
  dataEnd: number
}

export const createTensorLayout = (alignment: number): TensorLayout => ({
  alignment,
  tensors: [],
  names: new Set(),
  nextOffset: 0,
  dataEnd: 0,
})

export function* walkTensor(cursor: Cursor, layout: TensorLayout, index: number): Walk<void> {
  const { text: name, problem } = yield* readName(cursor, MAX_TENSOR_NAME_BYTES, `name of tensor ${index}`)
  if (problem !== undefined) throw new GgufError({ code: 'bad-tensor-name', tensor: shown(name), problem })
  if (layout.names.has(name)) throw new GgufError({ code: 'duplicate-tensor', tensor: shown(name) })
  layout.names.add(name)

  const shape = yield* readShape(cursor, name)
  const typeId = yield* readU32(cursor, `type of tensor "${shown(name)}"`)
  yield* need(cursor, 8, `offset of tensor "${shown(name)}"`)
  const offset = cursor.view.getBigUint64(cursor.position, true)
  cursor.position += 8
  place(layout, sizable(name, shape, typeId), offset)
}

function* readShape(cursor: Cursor, name: string): Walk<readonly number[]> {
  const count = yield* readU32(cursor, `dimension count of tensor "${shown(name)}"`)
  if (count < 1 || count > MAX_DIMENSIONS) {
    const problem = `has ${count} dimensions, not 1 to ${MAX_DIMENSIONS}`
    throw new GgufError({ code: 'bad-dimensions', tensor: shown(name), problem })
  }
  yield* need(cursor, 8 * count, `dimensions of tensor "${shown(name)}"`)
  const shape: number[] = []
  for (let index = 0; index < count; index++) {
    const size = cursor.view.getBigUint64(cursor.position + 8 * index, true)
    if (size === 0n || size > BigInt(MAX_SAFE_SIZE)) {
      const problem = `has ${size} elements in dimension ${index}, not 1 to 2^53`
      throw new GgufError({ code: 'bad-dimensions', tensor: shown(name), problem })
    }
    shape.push(Number(size))
  }
  cursor.position += 8 * count
  return shape
}

/** A tensor whose size in bytes is known and exact. */
function sizable(name: string, shape: readonly number[], typeId: number): TensorInfo {
  const type = ggmlTypeById(typeId)
  if (type === undefined) throw new GgufError({ code: 'unknown-tensor-type', tensor: shown(name), type: typeId })
  const { blockElements } = GGML_TYPES[type]
  const row = shape[0]!
  if (row % blockElements !== 0) throw new GgufError({ code: 'partial-block', tensor: shown(name), row, blockElements })
  let elements = 1
  for (const size of shape) {
    elements *= size
    // Once past 2^53 the product is inexact but stays past it.
    if (elements > MAX_SAFE_SIZE) throw tooLarge(name)
  }
  return { name, shape, type }
}

const tooLarge = (name: string): GgufError =>
  new GgufError({ code: 'tensor-too-large', tensor: shown(name), limit: MAX_SAFE_SIZE })

/**
 * llama.cpp wants each tensor right after the one before, aligned. So one comparison finds what is unaligned, what
 * overlaps and what leaves a gap.
 */
function place(layout: TensorLayout, tensor: TensorInfo, offset: bigint): void {
  const expected = layout.nextOffset
  if (offset !== BigInt(expected)) {
    const unaligned = offset % BigInt(layout.alignment) !== 0n
    const problem = unaligned ? 'unaligned' : offset < BigInt(expected) ? 'overlap' : 'gap'
    const tensorName = shown(tensor.name)
    throw new GgufError({ code: 'bad-tensor-offset', tensor: tensorName, offset: String(offset), expected, problem })
  }
  layout.dataEnd = expected + tensorBytes(tensor)
  layout.nextOffset = padTo(layout.dataEnd, layout.alignment)
  if (layout.nextOffset > MAX_SAFE_SIZE) throw tooLarge(tensor.name)
  layout.tensors.push({ ...tensor, offset: expected })
}
