import { GGML_TYPES, type GgmlType, isQuantized } from '../header/ggml-type.ts'
import { tensorBytes, type TensorInfo } from '../header/header.ts'
import { blockOfTensor } from '../header/tensor-names.ts'
import { DEVICE_ALIGNMENT, HOST_ALIGNMENT, weightBytesIn } from '../memory/alignment.ts'
import { counted, figureSources, type FormulaLine, tally } from '../memory/explain.ts'
import { HOST, type PlaceIndex, type RunLayout } from '../memory/run-memory.ts'
import { placesOf } from '../memory/weights.ts'
import { type Bytes, bytes, formatBytes, groupThousands } from '../units.ts'
import { blockRanges, blocksByWords, blockWords } from './block-words.ts'
import type { Formula, ModelFigure } from './figure.ts'
import type { Model } from './model.ts'

/** Blocks on one device and the output layer on a second: tells the tensors beside the blocks apart. */
const BLOCKS = 0
const OUTPUT = 1

/** One copy of a tensor where it lies. */
interface Copy {
  readonly tensor: TensorInfo
  readonly onDevice: boolean
}

/** Weights with every layer on one device: the input layer, each kind of block, what lies beside them, the output layer. */
export function weightFigures(model: Model): readonly ModelFigure[] {
  const beside = (place: PlaceIndex): readonly Copy[] =>
    model.globalTensors
      .filter((tensor) => placesApart(tensor, model).includes(place))
      .map((tensor) => ({ tensor, onDevice: place !== HOST }))
  const kinds = [...blocksByWords(blockWords(model))]
  return [
    figureOf('input-layer', 'Input layer', beside(HOST), ['read row by row, so it stays in host memory']),
    ...kinds.map(([words, blocks]) => blockFigure(model, words, blocks)),
    figureOf('beside-blocks', 'Beside the blocks', beside(BLOCKS), []),
    figureOf('output-layer', 'Output layer', beside(OUTPUT), tiedRemark(model)),
  ].filter(({ device, host }) => device + host > 0)
}

function placesApart(tensor: TensorInfo, model: Model): readonly PlaceIndex[] {
  const layers = Array.from({ length: model.blockCount + 1 }, (_, layer) =>
    layer === model.blockCount ? OUTPUT : BLOCKS,
  )
  const layout: RunLayout = { splitMode: 'layer', deviceCount: 2, layers, overrides: [] }
  return placesOf(tensor, model, layout)
}

const tiedRemark = (model: Model): readonly string[] =>
  model.globalTensors.some((tensor) => placesApart(tensor, model).length > 1)
    ? ['the file has no output matrix: token_embd is loaded a second time, here']
    : []

function blockFigure(model: Model, words: string, blocks: readonly number[]): ModelFigure {
  const copies = blocks.flatMap((il) => model.blockTensors[il]!.map((tensor) => ({ tensor, onDevice: true })))
  const sizes = blocks.map((il) => model.blockBytes[il]!.device)
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)]
  const one = least === most ? groupThousands(least) : `${groupThousands(least)} to ${groupThousands(most)}`
  const remarks = [`${blocks.length === 1 ? 'block' : 'blocks'} ${blockRanges(blocks)}; one takes ${one} bytes`]
  const figure = figureOf(`blocks ${words}`, `Blocks with ${words}`, copies, remarks)
  return { ...figure, detail: blockShare(blocks, model) }
}

/** "32 blocks" for all of them, "8 of 32 blocks" for some. */
export const blockShare = (blocks: readonly number[], { runBlockCount }: Model): string =>
  blocks.length === runBlockCount
    ? counted(runBlockCount, 'block')
    : `${blocks.length} of ${counted(runBlockCount, 'block')}`

function figureOf(id: string, label: string, copies: readonly Copy[], remarks: readonly string[]): ModelFigure {
  const sum = (some: readonly Copy[]): number =>
    some.reduce((total, { tensor, onDevice }) => total + weightBytesIn(tensor, onDevice), 0)
  return {
    id,
    label,
    device: bytes(sum(copies.filter(({ onDevice }) => onDevice))),
    host: bytes(sum(copies.filter(({ onDevice }) => !onDevice))),
    certainty: 'exact',
    lines: [...tensorLines(copies), ...[...typeRemarks(copies), ...remarks].map((text) => ({ text }))],
    source: `${figureSources.model}, ggml_backend_buft_get_alloc_size`,
  }
}

/** How the sum of the weights comes about from the tensors of the file. */
export function weightsFormula(model: Model, mapped: Bytes): Formula {
  const loaded = [...model.tensors.values()].map((tensor) => ({
    size: tensorBytes(tensor),
    places: placesApart(tensor, model),
  }))
  const sumOf = (times: (places: number) => number): number =>
    loaded.reduce((sum, { size, places }) => sum + size * times(places.length), 0)
  const second = sumOf((places) => Math.max(0, places - 1))
  const left = sumOf((places) => (places === 0 ? 1 : 0))
  const file = sumOf(() => 1)
  const figures = weightFigures(model)
  const padding = figures.reduce((sum, { device, host }) => sum + device + host, 0) - (file + second - left)
  const terms: readonly Required<FormulaLine>[] = [
    { text: `${groupThousands(loaded.length)} tensors of the file`, bytes: bytes(file) },
    { text: 'token_embd a second time, with the output layer', bytes: bytes(second) },
    { text: 'in the file but not loaded', bytes: bytes(-left) },
    { text: 'padding of every tensor', bytes: bytes(padding) },
  ]
  return {
    lines: [
      ...terms.filter((term) => term.bytes !== 0),
      {
        text: `CPU_Mapped in the log is the stretch of the file that is mapped, ${formatBytes(mapped)}: address space, not memory`,
      },
    ],
    source: `${figureSources.model}, llama_model_loader::get_mapping_range`,
  }
}

/** Tensors of one name, shape and type counted together, the largest first; then what alignment and row padding add. */
function tensorLines(copies: readonly Copy[]): readonly FormulaLine[] {
  const groups = tally(copies, ({ tensor }) => ({ text: tensorWords(tensor), bytes: tensorBytes(tensor) }))
  const lines = groups.map(({ text, count, bytes: size }) => ({
    text: count > 1 ? `${count} × ${text}` : text,
    bytes: size,
  }))
  const padding = copies.reduce(
    (sum, { tensor, onDevice }) => sum + weightBytesIn(tensor, onDevice) - tensorBytes(tensor),
    0,
  )
  const alignment = copies[0]?.onDevice ? DEVICE_ALIGNMENT : HOST_ALIGNMENT
  return [
    ...lines.toSorted((left, right) => right.bytes - left.bytes),
    ...(padding > 0 ? [{ text: `padding to ${alignment} bytes and to whole rows`, bytes: bytes(padding) }] : []),
  ]
}

function tensorWords({ name, shape, type }: TensorInfo): string {
  const il = blockOfTensor(name)
  const own = il === undefined ? name : name.slice(`blk.${il}.`.length)
  return `${own}: ${shape.map(groupThousands).join(' × ')} in ${type}`
}

/** "q4_K: 144 bytes for 256 elements", for every type that occurs. */
function typeRemarks(copies: readonly Copy[]): readonly string[] {
  const types = [...new Set(copies.map(({ tensor }) => tensor.type))]
  return types.length > 0 ? [types.map(typeWords).join('; ')] : []
}

export function typeWords(type: GgmlType): string {
  const { blockBytes, blockElements } = GGML_TYPES[type]
  return isQuantized(type)
    ? `${type}: ${blockBytes} bytes for ${blockElements} elements`
    : `${type}: ${counted(blockBytes, 'byte')} an element`
}
