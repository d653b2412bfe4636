import type { Model } from './model.ts'

/** What every running block keeps and computes, in words: "windowed attention, experts". Equal words, one kind of block. */
export function blockWords(model: Model): readonly string[] {
  const forwards = model.blockTensors.map((tensors) => feedForwardWords(tensors.map(({ name }) => name)))
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
  const full = model.windowed.some(Boolean) ? 'full attention' : 'attention'
  switch (context.kind) {
    case 'attention':
      return context.windowed ? 'windowed attention' : full
    case 'latent':
      return context.indexerWidth > 0 ? 'latent attention with an indexer' : 'latent attention'
    case 'recurrent':
      return 'recurrent state'
    case 'none':
      if (il < model.kvBlockCount || model.headCount[il] === 0) return undefined
      return `${model.windowed[il] ? 'windowed attention' : full} over an earlier block’s cache`
  }
}

/** Running blocks by what is said of each, in the order of their first; those of which nothing is said are left out. */
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
