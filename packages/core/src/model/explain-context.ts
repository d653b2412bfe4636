import { type CacheTensor, cacheTensorBytes, cacheTensors } from '../context/cache-tensors.ts'
import { CELL_GRANULARITY, contextShape, type ContextShape } from '../context/shape.ts'
import { rowBytes } from '../header/ggml-type.ts'
import { capitalised, contextTerm, counted, type FormulaLine, tally } from '../memory/explain.ts'
import type { Certainty } from '../memory/run-memory.ts'
import type { RunSettings } from '../memory/settings.ts'
import { bytes, groupThousands } from '../units.ts'
import { attentionWords, blocksByWords, blockShare } from './block-words.ts'
import { typeWords } from './tensor-lines.ts'
import type { ModelFigure } from './figure.ts'
import type { Model } from './model.ts'

export interface ContextInput {
  readonly model: Model
  readonly settings: RunSettings
}

/** The constructors that allocate what a block of each family keeps. */
function sourceOf(model: Model, il: number): string {
  const context = model.contexts[il]!
  if (context.kind === 'recurrent') return 'llama_memory_recurrent'
  if (context.kind === 'latent' && context.indexerWidth > 0) return 'llama_kv_cache_dsa'
  if (context.kind === 'attention' && context.indexer) return 'llama_kv_cache_msa'
  return model.windowed.some(Boolean) ? 'llama_kv_cache_iswa, llama_kv_cache' : 'llama_kv_cache'
}

/** What the context takes on one device, by families of blocks; blocks that keep nothing have no figure. */
export function contextFigures({ model, settings }: ContextInput): readonly ModelFigure[] {
  const shape = contextShape(model, settings)
  const keeping = model.contexts.map(({ kind }, il) => (kind === 'none' ? undefined : attentionWords(model, il)))
  return [...blocksByWords(keeping)].map(([words, blocks]) => {
    const terms = termsOf(blocks, shape, { model, settings })
    return {
      id: `context ${words}`,
      label: capitalised(words),
      detail: blockShare(blocks, model.contexts.length),
      device: bytes(terms.reduce((sum, term) => sum + term.bytes, 0)),
      host: bytes(0),
      certainty: contextCertainty(model),
      lines: [...terms, ...remarksOf(blocks[0]!, shape, { model, settings }).map((text) => ({ text }))],
      source: sourceOf(model, blocks[0]!),
    }
  })
}

const contextCertainty = ({ described }: Model): Certainty => (described ? 'exact' : 'assumed')

function termsOf(
  blocks: readonly number[],
  shape: ContextShape,
  { model, settings }: ContextInput,
): readonly Required<FormulaLine>[] {
  const groups = tally(blocks, (il) => {
    const context = model.contexts[il]!
    const tensors = cacheTensors(context, shape, settings, model)
    return {
      text: contextTerm(context, shape, { model, settings }) ?? '',
      bytes: tensors.reduce((sum, tensor) => sum + cacheTensorBytes(tensor, true), 0),
    }
  })
  return groups.map(blockTerm)
}

const blockTerm = ({ text, count, bytes: size }: ReturnType<typeof tally>[number]): Required<FormulaLine> => ({
  text: `${counted(count, 'block')} × ${text}`,
  bytes: size,
})

/** How the cells come about, and what an element takes. */
function remarksOf(il: number, shape: ContextShape, { model, settings }: ContextInput): readonly string[] {
  const context = model.contexts[il]!
  if (context.kind === 'recurrent') return ['one state a slot, as large for a long context as for a short one']
  const types = [...new Set([settings.cacheTypeK, settings.cacheTypeV])].map(typeWords).join('; ')
  return [
    context.kind !== 'none' && context.windowed && !settings.swaFull
      ? windowCells(model, shape)
      : fullCells(settings, shape),
    types,
    ...(model.described
      ? []
      : ['the architecture is not described: every block with heads is taken to keep all of them']),
  ]
}

function fullCells({ contextLength }: RunSettings, shape: ContextShape): string {
  const asked = `${groupThousands(contextLength)} tokens`
  const slots = shape.streams > 1 ? ` over ${shape.streams} slots` : ''
  const each = shape.streams > 1 ? ` a slot, ${counted(shape.streams, 'slot')}` : ''
  return `cells: ${asked}${slots}, padded to ${CELL_GRANULARITY}: ${groupThousands(shape.contextPerSequence)}${each}`
}

function windowCells({ slidingWindow }: Model, shape: ContextShape): string {
  const windows = shape.streams === 1 && shape.sequences > 1 ? `${shape.sequences} × ` : ''
  const wanted = `${windows}${groupThousands(slidingWindow)} of the window + ${groupThousands(shape.ubatchSize)} of the ubatch`
  const each = shape.streams > 1 ? ` a slot, ${counted(shape.streams, 'slot')}` : ''
  return `cells: ${wanted}, padded to ${CELL_GRANULARITY}, at most the context: ${groupThousands(shape.windowCells)}${each}`
}

/** What one more token of context takes on the device, once every window is full. */
export function perTokenFigure({ model, settings }: ContextInput): ModelFigure {
  const shape = contextShape(model, settings)
  const growing = model.contexts.filter(
    (context) => context.kind === 'latent' || (context.kind === 'attention' && (!context.windowed || settings.swaFull)),
  )
  const groups = tally(growing, (context) => {
    const tensors = cacheTensors(context, shape, settings, model)
    const words = tensors.map(({ kind, width, type }) => `${cellWords[kind]} ${groupThousands(width)} in ${type}`)
    return {
      text: `(${words.join(' + ')})`,
      bytes: tensors.reduce((sum, { type, width }) => sum + rowBytes(type, width), 0),
    }
  })
  const terms = groups.map(blockTerm)
  return {
    id: 'per-token',
    label: 'Each token of context',
    device: bytes(terms.reduce((sum, term) => sum + term.bytes, 0)),
    host: bytes(0),
    certainty: contextCertainty(model),
    lines: terms.length > 0 ? terms : [{ text: 'no block keeps more for a longer context' }],
    source: 'llama_kv_cache',
  }
}

const cellWords = {
  k: 'K',
  v: 'V',
  indexer: 'K of the indexer',
  'indexer-v': 'V of the indexer',
  r: 'R',
  s: 'S',
} as const satisfies Record<CacheTensor['kind'], string>
