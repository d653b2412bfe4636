import { tensorBytes, type TensorInfo } from '../header/header.ts'
import { weightBytesIn } from '../memory/alignment.ts'
import { counted, figureSources, type FormulaLine } from '../memory/explain.ts'
import { HOST, type PlaceIndex, type RunLayout } from '../memory/run-memory.ts'
import { placeLookup } from '../memory/overrides.ts'
import { placesOf } from '../memory/weights.ts'
import { type Bytes, bytes, formatBytes, groupThousands } from '../units.ts'
import { blockRanges, blocksByWords, blockShare, blockWords } from './block-words.ts'
import type { Formula, ModelFigure } from './figure.ts'
import type { Model } from './model.ts'
import { type Copy, tensorLines } from './tensor-lines.ts'

/** Blocks on one device and the output layer on a second: tells the tensors beside the blocks apart. */
const BLOCKS = 0
const OUTPUT = 1

/**
 * Weights with every layer on one device: the input layer, each kind of block, what lies beside them, the output layer, and
 * what is loaded of speculative blocks.
 */
export function weightFigures(model: Model): readonly ModelFigure[] {
  const lying = placeLookup(model, [])
  const copy = (tensor: TensorInfo, place: PlaceIndex): Copy => ({
    tensor,
    onDevice: lying(tensor.name, place) !== HOST,
  })
  const beside = (place: PlaceIndex): readonly Copy[] =>
    model.globalTensors
      .filter((tensor) => placesApart(tensor, model).includes(place))
      .map((tensor) => copy(tensor, place))
  const kinds = [...blocksByWords(blockWords(model))].map(([words, blocks]) => {
    const copies = blocks.flatMap((il) => model.blockTensors[il]!.map((tensor) => copy(tensor, BLOCKS)))
    const figure = figureOf(`blocks ${words}`, `Blocks with ${words}`, copies, blockRemarks(blocks, model))
    return { ...figure, detail: blockShare(blocks, model.runBlockCount) }
  })
  return [
    figureOf('input-layer', 'Input layer', beside(HOST), ['read row by row, so it stays in host memory']),
    ...kinds,
    figureOf('beside-blocks', 'Beside the blocks', beside(BLOCKS), []),
    figureOf('output-layer', 'Output layer', beside(OUTPUT), tiedRemark(model)),
    figureOf(
      'speculative',
      'Speculative blocks',
      model.speculativeTensors.map((tensor) => copy(tensor, BLOCKS)),
      ['loaded although their block does not run'],
    ),
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
  model.tiedOutput ? ['the file has no output matrix: token_embd is loaded a second time, here'] : []

/** Which blocks, how often the file's are run, and how large one is. */
function blockRemarks(blocks: readonly number[], model: Model): readonly string[] {
  const stored = blocks.filter((il) => model.weightBlock[il] === il)
  const sizes = stored.map((il) => model.blockTensors[il]!.reduce((sum, tensor) => sum + tensorBytes(tensor), 0))
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)]
  const one = least === most ? groupThousands(least) : `${groupThousands(least)} to ${groupThousands(most)}`
  return [
    `${blocks.length === 1 ? 'block' : 'blocks'} ${blockRanges(blocks)}${sizes.length > 0 ? `; one has ${one} bytes` : ''}`,
    ...(stored.length < blocks.length ? [`the weights of ${counted(stored.length, 'block')} serve all of them`] : []),
  ]
}

function figureOf(id: string, label: string, copies: readonly Copy[], remarks: readonly string[]): ModelFigure {
  const sum = (some: readonly Copy[]): number =>
    some.reduce((total, { tensor, onDevice }) => total + weightBytesIn(tensor, onDevice), 0)
  return {
    id,
    label,
    device: bytes(sum(copies.filter(({ onDevice }) => onDevice))),
    host: bytes(sum(copies.filter(({ onDevice }) => !onDevice))),
    certainty: 'exact',
    lines: [...tensorLines(copies), ...remarks.map((text) => ({ text }))],
    source: `${figureSources.model}, ggml_backend_buft_get_alloc_size`,
  }
}

/** How the sum of the weights comes about from the tensors of the file. */
export function weightsFormula(model: Model, mapped: Bytes): Formula {
  const loaded = [...model.tensors.values()].map((tensor) => ({
    size: tensorBytes(tensor),
    places: placesApart(tensor, model).length,
  }))
  const sumOf = (times: (places: number) => number): number =>
    loaded.reduce((sum, { size, places }) => sum + size * times(places), 0)
  const copied = sumOf((places) => places)
  const figures = weightFigures(model)
  const terms: readonly Required<FormulaLine>[] = [
    { text: `${groupThousands(loaded.length)} tensors of the file`, bytes: bytes(sumOf(() => 1)) },
    {
      text: 'token_embd a second time, with the output layer',
      bytes: bytes(sumOf((places) => Math.max(0, places - 1))),
    },
    { text: 'in the file but not loaded', bytes: bytes(-sumOf((places) => (places === 0 ? 1 : 0))) },
    {
      text: 'padding of every tensor',
      bytes: bytes(figures.reduce((sum, { device, host }) => sum + device + host, 0) - copied),
    },
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
