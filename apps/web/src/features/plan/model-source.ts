import type { ModelSource } from '@berth/core'

/** A file on the hub, as the importer writes its address. */
const HUB_FILE = /^hf:([^/\s]+\/[^/\s@]+)\/(.+)$/

/**
 * Where an engine will find a stored model's file: on the hub under its name, or on the engine's own disk. What came from
 * any other server lies where whoever fetches it puts it, so only its file name is said.
 */
export function storedSource({
  address,
  fileName,
}: {
  readonly address: string
  readonly fileName: string
}): ModelSource {
  const [, repository, file] = HUB_FILE.exec(address) ?? []
  if (repository && file) return { kind: 'hub', repository, file }
  return { kind: 'path', path: address.startsWith('/') ? address : fileName }
}

/** A catalogue model has no file yet; the name says what it would hold. */
export const catalogueSource = (id: string, mix: string): ModelSource => ({ kind: 'path', path: `${id}-${mix}.gguf` })
