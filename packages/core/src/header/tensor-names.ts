const BLOCK_PREFIX = 'blk.'

/** The block a tensor belongs to: N of `blk.N.…`; undefined for global tensors. */
export function blockOfTensor(name: string): number | undefined {
  if (!name.startsWith(BLOCK_PREFIX)) return undefined
  const il = Number(name.slice(BLOCK_PREFIX.length, name.indexOf('.', BLOCK_PREFIX.length)))
  return Number.isInteger(il) && il >= 0 ? il : undefined
}
