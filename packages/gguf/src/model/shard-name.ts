/** `prefix-00002-of-00003.gguf`, as llama.cpp's `llama_split_path` writes it. */
export interface ShardName {
  readonly prefix: string
  /** From 1. */
  readonly number: number
  readonly count: number
}

export const parseShardName = (fileName: string): ShardName | undefined => {
  const match = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/.exec(fileName)
  if (match === null) return undefined
  return { prefix: match[1]!, number: Number(match[2]), count: Number(match[3]) }
}

export const formatShardName = ({ prefix, number, count }: ShardName): string =>
  `${prefix}-${String(number).padStart(5, '0')}-of-${String(count).padStart(5, '0')}.gguf`
