import type { ContextShape } from '../context/shape.ts'
import type { Dims } from '../graph/tensor.ts'
import { rowBytes } from '../header/ggml-type.ts'
import { bytes, groupThousands, padTo, sumBytes } from '../units.ts'
import { DEVICE_ALIGNMENT } from './alignment.ts'
import { assumedProducts, type AssumedOptions } from './assumed-compute.ts'
import { type BufferMoment, bufferMoments, type GraphInput, type HeldTensors } from './buffer-moments.ts'
import { counted, type FormulaLine, notDescribed, productLine, reservedFor } from './explain.ts'
import { HOST, type PlaceIndex } from './run-memory.ts'
import type { Run } from './run.ts'

/** Tensors that are listed one by one; the others are so small that their sum says enough. */
const LISTED = 8

/**
 * What every compute buffer is the sum of, the host's last: the tensors alive when it was fullest, or the terms that are
 * assumed where the graph is not described.
 */
export function explainBuffers(
  run: Run,
  shape: ContextShape,
  options: AssumedOptions,
): readonly (readonly FormulaLine[])[] {
  if (run.model.described) {
    return bufferMoments(run, shape, options).map((moment) => [...momentLines(moment), ...remarks(moment, shape)])
  }
  const places: readonly PlaceIndex[] = [...Array.from({ length: run.layout.deviceCount }, (_, device) => device), HOST]
  return places.map((place) => [
    ...assumedProducts(run, shape, place, options).map(productLine),
    { text: notDescribed(run.model) },
  ])
}

const remarks = ({ graph }: BufferMoment, shape: ContextShape): readonly FormulaLine[] => [
  { text: `${reservedFor(shape)[0]}: ${graph === 'prompt' ? 'the prompt' : 'generating'} takes more` },
  { text: reservedFor(shape)[1] },
]

function momentLines({ held, holes }: BufferMoment): readonly FormulaLine[] {
  const listed = held.slice(0, held.length > LISTED + 1 ? LISTED : held.length)
  const others = held.slice(listed.length)
  const count = others.reduce((sum, one) => sum + one.count, 0)
  return [
    ...listed.map((one) => ({ text: heldWords(one), bytes: bytes(one.bytes) })),
    ...(count > 0
      ? [{ text: counted(count, 'smaller tensor'), bytes: sumBytes(others.map((one) => bytes(one.bytes))) }]
      : []),
    ...(holes > 0 ? [{ text: 'holes between them that what came next did not fit into', bytes: bytes(holes) }] : []),
  ]
}

const inputWords = {
  tokens: 'input: token ids',
  embeddings: 'input: embeddings, were they given instead of tokens',
  positions: 'input: positions',
  'output-ids': 'input: rows whose logits are wanted',
  mask: 'input: mask of the attention',
  'window-mask': 'input: mask of the windowed attention',
  'cell-indices': 'input: cells to write',
  rotation: 'input: Hadamard matrix for the quantized cache',
  other: 'input',
} as const satisfies Record<GraphInput, string>

/** "2 × MUL_MAT with ffn_up: 14,336 × 512 in f32". */
function heldWords(held: HeldTensors): string {
  const { op, ne, type, weight, input, count } = held
  const reading = weight === undefined ? op : op === 'NONE' ? `copy of ${weight}` : `${op} with ${weight}`
  const what = input ? inputWords[input] : reading
  const times = count > 1 ? `${count} × ` : ''
  return `${times}${what}: ${dimensions(ne).map(groupThousands).join(' × ')} in ${type}${copiesBehind(held)}`
}

function dimensions(ne: Dims): readonly number[] {
  const last = ne.findLastIndex((size) => size !== 1)
  return ne.slice(0, Math.max(1, last + 1))
}

/** `ggml_cuda_flash_attn_ext_get_alloc_size` reserves room behind the result. */
function copiesBehind({ op, ne, type, count, bytes: held }: HeldTensors): string {
  const own = padTo(rowBytes(type, ne[0]) * ne[1] * ne[2] * ne[3], DEVICE_ALIGNMENT)
  return op === 'FLASH_ATTN_EXT' && held > count * own ? ', with f16 copies of K and V behind it' : ''
}
