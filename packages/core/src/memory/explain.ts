import type { BlockContext } from '../context/block-context.ts'
import { valuesTransposed, widestValue } from '../context/cache-tensors.ts'
import type { ContextShape } from '../context/shape.ts'
import type { Model } from '../model/model.ts'
import { type Bytes, bytes, groupThousands } from '../units.ts'
import { type Product, productBytes } from './product.ts'
import type { RunSettings } from './settings.ts'

/** llama.cpp's memory breakdown, and what it prints as *unaccounted*. */
export type FigurePart = 'model' | 'context' | 'compute' | 'overhead'

/** One line of a formula: a term of the sum with its bytes, or a remark. */
export interface FormulaLine {
  readonly text: string
  readonly bytes?: Bytes
}

/** Where llama.cpp does what a figure mirrors. */
export const figureSources = {
  model: 'llama_model_base::load_tensors',
  context: 'llama_kv_cache, llama_memory_recurrent',
  compute: 'ggml_backend_sched_reserve, ggml_gallocr_reserve',
  logits: 'llama_context::output_reserve',
} as const

/** "1 slot", "2,048 cells". */
export const counted = (count: number, noun: string): string =>
  `${groupThousands(count)} ${noun}${count === 1 ? '' : 's'}`

/** With a capital first letter; names like cuBLAS stay as they are. */
export const capitalised = (words: string): string =>
  /^[a-z]+[A-Z]/.test(words) ? words : words.charAt(0).toUpperCase() + words.slice(1)

/** What `describe` says the same of counted together, in the order of the first: how many, and their bytes. */
export function tally<Item>(
  items: readonly Item[],
  describe: (item: Item) => { readonly text: string; readonly bytes: number },
): readonly { readonly text: string; readonly count: number; readonly bytes: Bytes }[] {
  const groups = new Map<string, { count: number; bytes: number }>()
  for (const item of items) {
    const { text, bytes: size } = describe(item)
    const known = groups.get(text)
    groups.set(text, { count: (known?.count ?? 0) + 1, bytes: (known?.bytes ?? 0) + size })
  }
  return [...groups].map(([text, { count, bytes: size }]) => ({ text, count, bytes: bytes(size) }))
}

/** A product with its numbers put in. */
export const productLine = (product: Product): FormulaLine => ({
  text: `${product.what}: ${product.factors.map(groupThousands).join(' × ')}`,
  bytes: bytes(productBytes(product)),
})

/** What one block keeps, as a term of a product; undefined where it keeps nothing. */
export function contextTerm(
  context: BlockContext,
  shape: ContextShape,
  { model, settings }: { readonly model: Model; readonly settings: RunSettings },
): string | undefined {
  const { cacheTypeK, cacheTypeV } = settings
  const elements = (width: number, type: string): string => `${groupThousands(width)} in ${type}`
  const held = ({ windowed }: { readonly windowed: boolean }): string =>
    windowed
      ? `${counted(shape.windowCells * shape.streams, 'cell')} of the window`
      : counted(shape.contextPerSequence * shape.streams, 'cell')
  switch (context.kind) {
    case 'none':
      return undefined
    case 'recurrent': {
      const states = context.convolutionState + context.recurrentState
      return `${counted(shape.sequences, 'sequence')} × ${elements(states, 'f32')}`
    }
    case 'latent': {
      const indexer = context.indexerWidth > 0 ? ` + ${elements(context.indexerWidth, cacheTypeK)} of the indexer` : ''
      return `${held(context)} × (${elements(context.latentWidth, cacheTypeK)}${indexer})`
    }
    case 'attention': {
      const values = valuesTransposed(settings, model) ? widestValue(model) : context.valueWidth
      const { indexer } = context
      const indexed = indexer
        ? ` + K ${elements(indexer.keyWidth, cacheTypeK)} and V ${elements(indexer.valueWidth, cacheTypeV)} of the indexer`
        : ''
      return `${held(context)} × (K ${elements(context.keyWidth, cacheTypeK)} + V ${elements(values, cacheTypeV)}${indexed})`
    }
  }
}

/** What a compute buffer must hold. */
export const reservedFor = (shape: ContextShape): readonly [string, string] => [
  `the fullest moment of a prompt of ${counted(shape.promptTokens, 'token')} with ${counted(shape.promptOutputs, 'row')} of logits, or of generating ${shape.sequences}`,
  'every operation placed by the scheduler and given an address by the allocator, as the engine does',
]

/** Why the compute buffers of an architecture are assumed. */
export const notDescribed = ({ architecture }: Model): string =>
  `the graph of ${architecture} is not described: every product of a block counted as alive at once, twice over`
