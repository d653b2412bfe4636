/** Numbers that look like chance and are the same for the same seed. */
export interface Random {
  /** From 0 on, below the limit. */
  readonly below: (limit: number) => number
  readonly between: (least: number, most: number) => number
  /** So many of them, none twice. */
  readonly some: <Item>(items: readonly Item[], count: number) => readonly Item[]
}

/** The mulberry32 generator, which is in the public domain. */
export function randomOf(seed: number): Random {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    some: (items, count) => {
      const left = [...items]
      return Array.from({ length: Math.min(count, left.length) }, () => left.splice(below(left.length), 1)[0]!)
    },
  }
}
