import { counted } from '../memory/explain.ts'
import type { Model } from './model.ts'

/** What every running block keeps and computes, in words: "windowed attention, experts". Equal words, one kind of block. */
export function blockWords(model: Model): readonly string[] {
  const forwards = Array.from({ length: model.runBlockCount }, (_, il) =>
    feedForwardWords(model.blockTensors[model.weightBlock[il]!]!.map(({ name }) => name)),
  )
  const alike = new Set(forwards).size === 1 && forwards[0] !== 'experts'
  return forwards.map((forward, il) => {
    const attention = attentionWords(model, il)
    if (attention === undefined) return forward === 'experts' ? 'experts alone' : 'feed forward alone'
    return alike ? attention : `${attention}, ${forward}`
  })
}

function feedForwardWords(names: readonly string[]): string {
  if (names.some((name) => /\.ffn_.*_exps\./.test(name))) return 'experts'
  return names.some((name) => name.includes('.ffn_')) ? 'dense' : 'no feed forward'
}

/** How a block attends or remembers; undefined where it does neither. */
export function attentionWords(model: Model, il: number): string | undefined {
  const context = model.contexts[il]!
  switch (context.kind) {
    case 'attention':
      return `${reach(model, context.windowed)}attention${context.indexer ? ' with an indexer' : ''}`
    case 'latent':
      return `${reach(model, context.windowed)}latent attention${context.indexerWidth > 0 ? ' with an indexer' : ''}`
    case 'recurrent':
      return 'recurrent state'
    case 'none':
      return wordsWithoutContext(model, il)
  }
}

const reach = ({ windowed }: Model, here: boolean): string =>
  here ? 'windowed ' : windowed.some(Boolean) ? 'full ' : ''

function wordsWithoutContext(model: Model, il: number): string | undefined {
  if (model.headCount[il] === 0) return undefined
  const attention = `${reach(model, model.windowed[il]!)}attention`
  if (model.withoutCache) return `${attention} without a cache`
  return il < model.kvBlockCount ? undefined : `${attention} over an earlier block’s cache`
}

/** Blocks by what is said of each, in the order of their first; those of which nothing is said are left out. */
export function blocksByWords(words: readonly (string | undefined)[]): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>()
  words.forEach((said, il) => {
    if (said === undefined) return
    const known = groups.get(said)
    if (known) known.push(il)
    else groups.set(said, [il])
  })
  return groups
}

/** "0–3, 7, 9–31". */
export function blockRanges(blocks: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const il of blocks) {
    const last = ranges.at(-1)
    if (last && il === last[1] + 1) last[1] = il
    else ranges.push([il, il])
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ')
}

/** "32 blocks" for all of them, "8 of 32 blocks" for some. */
export const blockShare = (blocks: readonly number[], all: number): string =>
  blocks.length === all ? counted(all, 'block') : `${blocks.length} of ${counted(all, 'block')}`
