import { contextShape } from '../context/shape.ts'
import { capitalised, figureSources, type FormulaLine, productLine } from '../memory/explain.ts'
import { type Overhead, type OverheadTerm, PROCESS_MEMORY } from '../memory/overhead.ts'
import { type Product, productsBytes } from '../memory/product.ts'
import type { Run } from '../memory/run.ts'
import type { Certainty, RunMemory } from '../memory/run-memory.ts'
import type { TypicalCapability } from '../memory/typical-cards.ts'
import { bytes } from '../units.ts'
import type { ModelFigure } from './figure.ts'

const nothing = bytes(0)

/** What the driver takes on one card. */
export interface Beside extends Overhead {
  readonly capability: TypicalCapability
}

/** What the driver takes on the device, and the host beside the engine's buffers. */
export function overheadFigures(
  { model, settings }: Run,
  { host }: RunMemory,
  { capability, ...beside }: Beside,
): readonly ModelFigure[] {
  const { sequences } = contextShape(model, settings)
  return [
    ...beside.terms.map((term) => termFigure(term, beside.certainty, capability)),
    {
      id: 'overhead-logits',
      label: 'Copy of the logits',
      device: nothing,
      host: host.output,
      certainty: 'exact',
      lines: [productLine({ what: 'a row of logits a slot, in f32', factors: [sequences, model.vocabSize, 4] })],
      source: figureSources.logits,
    },
    {
      id: 'overhead-process',
      label: 'The engine’s process',
      device: nothing,
      host: PROCESS_MEMORY,
      certainty: 'assumed',
      lines: [
        { text: 'program, libraries, vocabulary and the driver’s host side, as an allowance', bytes: PROCESS_MEMORY },
      ],
      source: 'no reading isolates it',
    },
  ]
}

const whenWords = { load: 'at load', 'first-prompt': 'at the first prompt' } as const

function termFigure(term: OverheadTerm, certainty: Certainty, capability: TypicalCapability): ModelFigure {
  return {
    id: `overhead ${term.name}`,
    label: capitalised(term.name),
    detail: whenWords[term.when],
    device: term.bytes,
    host: nothing,
    certainty,
    lines: term.products
      ? poolLines(term, term.products)
      : [{ text: `bound for compute capability ${capability}`, bytes: term.bytes }],
    source: term.source,
  }
}

/** The largest operation's temporaries, and what the pool rounds them up by. */
function poolLines({ bytes: size }: OverheadTerm, products: readonly Product[]): readonly FormulaLine[] {
  const rounding = bytes(size - productsBytes(products))
  return [
    ...products.map(productLine),
    { text: 'the pool grows by granules of 2 MiB, and one more', bytes: rounding },
    { text: 'operations run one at a time: the largest one’s temporaries are the pool’s peak' },
  ]
}
