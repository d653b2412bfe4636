import type { GgufHeader, HeaderValue } from './header.ts'

/** Typed look-ups of `<architecture>.<key>`; an array of one per block and a scalar for all read alike. */
export interface HeaderFacts {
  readonly architecture: string
  readonly header: GgufHeader
  readonly value: (key: string) => HeaderValue | undefined
  readonly number: (key: string) => number | undefined
  readonly flag: (key: string) => boolean
  /** One number a block: the array as it stands, or the scalar repeated (`get_key_or_arr`). */
  readonly perBlock: (key: string, blockCount: number) => readonly number[] | undefined
  readonly tensorShape: (name: string) => readonly number[] | undefined
}

export function factsOf(header: GgufHeader, architecture: string): HeaderFacts {
  const shapes = new Map(header.tensors.map((tensor) => [tensor.name, tensor.shape]))
  const value = (key: string): HeaderValue | undefined => header.metadata[`${architecture}.${key}`]
  const number = (key: string): number | undefined => {
    const found = value(key)
    return typeof found === 'number' && Number.isFinite(found) ? found : undefined
  }
  return {
    architecture,
    header,
    value,
    number,
    flag: (key) => value(key) === true || value(key) === 1,
    perBlock: (key, blockCount) => {
      const found = value(key)
      if (Array.isArray(found)) return found.map(Number)
      return typeof found === 'number' ? Array.from({ length: blockCount }, () => found) : undefined
    },
    tensorShape: (name) => shapes.get(name),
  }
}
