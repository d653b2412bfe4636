import { type Bytes, bytes, type GgmlType, type GgufHeader, groupThousands, sumBytes, tensorBytes } from '@berth/core'

export interface TypeShare {
  readonly type: GgmlType
  readonly tensors: number
  readonly bytes: Bytes
  /** Of all tensors' bytes, 0 to 1. */
  readonly share: number
}

/** What the tensors of each type take together, the most first. */
export function tensorsByType({ tensors }: Pick<GgufHeader, 'tensors'>): readonly TypeShare[] {
  const total = Math.max(1, sumBytes(tensors.map(tensorBytes)))
  const types = [...new Set(tensors.map(({ type }) => type))]
  return types
    .map((type) => {
      const members = tensors.filter((tensor) => tensor.type === type)
      const size = sumBytes(members.map(tensorBytes))
      return { type, tensors: members.length, bytes: size, share: size / total }
    })
    .toSorted((a, b) => b.bytes - a.bytes)
}

export interface LayerBytes {
  readonly blocks: readonly Bytes[]
  /** What belongs to no block: the token embedding, the output layer, and whatever else the file has. */
  readonly beside: readonly { readonly name: string; readonly bytes: Bytes }[]
}

const BLOCK = /^blk\.(\d+)\./

/** Bytes of every block, and of each tensor that is in none. */
export function bytesByBlock({ tensors }: Pick<GgufHeader, 'tensors'>, blockCount: number): LayerBytes {
  const blocks = Array.from({ length: blockCount }, () => 0)
  const beside: { name: string; bytes: Bytes }[] = []
  for (const tensor of tensors) {
    const block = Number(BLOCK.exec(tensor.name)?.[1] ?? -1)
    const size = tensorBytes(tensor)
    if (block >= 0 && block < blockCount) blocks[block] = (blocks[block] ?? 0) + size
    else beside.push({ name: tensor.name, bytes: size })
  }
  return { blocks: blocks.map(bytes), beside }
}

/** "8", or "1–8" where blocks differ. */
export function spread(values: readonly number[]): string {
  const present = [...new Set(values)]
  const least = Math.min(...present)
  const most = Math.max(...present)
  if (present.length === 0) return '0'
  return least === most ? groupThousands(least) : `${groupThousands(least)}–${groupThousands(most)}`
}

const BILLION = 1e9
const MILLION = 1e6

/** "70.6 B", "494 M": how people speak of a model's size. */
export function parameters(count: number): string {
  if (count >= BILLION) return `${(count / BILLION).toFixed(count >= 100 * BILLION ? 0 : 1)} B`
  return `${Math.round(count / MILLION)} M`
}
