import type { ModelSource } from './engine.ts'

/**
 * Where an engine that looks no repository up finds the file: for one of the hub, its name in the working directory, into
 * which it has to be fetched before.
 */
export function localFile(source: ModelSource): string {
  if (source.kind === 'path') return source.path
  const { repository, quantization, file } = source
  if (file !== undefined) return lastPart(file)
  const name = lastPart(repository)
  return `${quantization === undefined ? name : `${name.replace(/-GGUF$/i, '')}-${quantization}`}.gguf`
}

/** A catalogue model has no file yet; the name says what it would hold. */
export const catalogueSource = (id: string, mix: string): ModelSource => ({ kind: 'path', path: `${id}-${mix}.gguf` })

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
