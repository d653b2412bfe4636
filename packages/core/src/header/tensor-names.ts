/** The block a tensor belongs to: N of `blk.N.…`; undefined for global tensors. */
export function blockOfTensor(name: string): number | undefined {
  const found = /^blk\.(\d+)\./.exec(name)
  return found ? Number(found[1]) : undefined
}
