import {
  bytes,
  isSafetensorsDtype,
  type JsonObject,
  type JsonValue,
  SAFETENSORS_DTYPES,
  type SafetensorsTensor,
} from '@berth/core'
import { shown } from '@berth/sources'
import { Exl2Error } from '../errors.ts'
import { parseJsonObject } from '../json.ts'
import { MAX_DIMENSIONS, MAX_TENSOR_NAME_LENGTH, MAX_TENSORS } from '../limits.ts'

/** The tensors of one file in the order of their data, and where that ends behind the header. */
export interface SafetensorsHeader {
  readonly tensors: readonly SafetensorsTensor[]
  readonly dataBytes: number
}

/** A tensor with where its data lies. */
interface Placed {
  readonly tensor: SafetensorsTensor
  readonly begin: number
}

/** What is no tensor: free text of whoever wrote the file. */
const METADATA = '__metadata__'

/**
 * Checks a safetensors header as the format's own reader does (`SafeTensors::read_metadata`): every tensor's offsets span
 * what its type and shape need, and all of them together leave no gap and do not overlap.
 *
 * @param json the header's JSON, without its length
 * @throws Exl2Error
 */
export function parseSafetensorsHeader(json: Uint8Array, file: string): SafetensorsHeader {
  if (json[0] !== '{'.charCodeAt(0)) {
    const found = [...json.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    throw new Exl2Error({ code: 'not-safetensors', file, found: found === '' ? 'nothing' : found })
  }
  const entries = Object.entries(parseJsonObject(json, file)).filter(([name]) => name !== METADATA)
  if (entries.length > MAX_TENSORS) {
    const field = `tensors of ${file}`
    throw new Exl2Error({ code: 'limit-exceeded', field, limit: MAX_TENSORS, found: entries.length })
  }
  const placed = entries.map(([name, entry]) => placedTensor(name, entry))
  placed.sort((a, b) => a.begin - b.begin || a.tensor.bytes - b.tensor.bytes)
  let end = 0
  for (const { tensor, begin } of placed) {
    if (begin !== end) {
      const problem = begin < end ? 'overlap' : 'gap'
      throw new Exl2Error({
        code: 'bad-tensor-offset',
        tensor: shown(tensor.name),
        offset: begin,
        expected: end,
        problem,
      })
    }
    end = begin + tensor.bytes
  }
  return { tensors: placed.map(({ tensor }) => tensor), dataBytes: end }
}

function placedTensor(name: string, entry: JsonValue): Placed {
  const tensor = shown(name)
  if (name.length > MAX_TENSOR_NAME_LENGTH) {
    const field = `length of the tensor name "${tensor}"`
    throw new Exl2Error({ code: 'limit-exceeded', field, limit: MAX_TENSOR_NAME_LENGTH, found: name.length })
  }
  if (!isObject(entry)) throw new Exl2Error({ code: 'bad-tensor', tensor, problem: 'is not described by an object' })
  const { dtype, shape, data_offsets: offsets } = entry
  if (typeof dtype !== 'string') throw new Exl2Error({ code: 'bad-tensor', tensor, problem: 'has no dtype' })
  if (!isSafetensorsDtype(dtype)) throw new Exl2Error({ code: 'unknown-dtype', tensor, dtype: shown(dtype) })
  const sizes = wholeNumbers(shape)
  if (sizes === undefined) {
    throw new Exl2Error({ code: 'bad-dimensions', tensor, problem: 'has no shape of whole numbers below 2^53' })
  }
  const span = wholeNumbers(offsets)
  const [begin, end] = span ?? []
  if (span?.length !== 2 || begin! > end!) {
    const problem = 'has no data_offsets of two whole numbers below 2^53, the first not above the second'
    throw new Exl2Error({ code: 'bad-tensor', tensor, problem })
  }
  const expected = sizeOf(tensor, sizes, SAFETENSORS_DTYPES[dtype])
  const found = end! - begin!
  if (expected !== found) throw new Exl2Error({ code: 'size-mismatch', tensor, expected, found })
  return { tensor: { name, dtype, shape: sizes, bytes: bytes(found) }, begin: begin! }
}

function sizeOf(tensor: string, shape: readonly number[], elementBits: number): number {
  const refused = (problem: string): Exl2Error => new Exl2Error({ code: 'bad-dimensions', tensor, problem })
  if (shape.length > MAX_DIMENSIONS) {
    throw refused(`has ${shape.length} dimensions; the limit is ${MAX_DIMENSIONS}`)
  }
  let bits = elementBits
  // One zero makes all of it nothing, however large the others are.
  for (const size of shape.toSorted((a, b) => a - b)) {
    bits *= size
    if (!Number.isSafeInteger(bits)) throw refused('takes more than 2^53 bits')
  }
  if (bits % 8 !== 0) throw refused('does not end on a whole byte')
  return bits / 8
}

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const wholeNumbers = (value: JsonValue | undefined): readonly number[] | undefined =>
  Array.isArray(value) && value.every((each: unknown) => Number.isSafeInteger(each) && (each as number) >= 0)
    ? (value as readonly number[])
    : undefined
