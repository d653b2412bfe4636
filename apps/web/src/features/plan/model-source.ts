import type { ModelSource } from '@berth/core'
import type { ModelFormat } from './model-choice.ts'

/** A file on the hub, as the importer writes its address. */
const HUB_FILE = /^hf:([^/\s]+\/[^/\s@]+)\/(.+)$/

/** A folder's page on the hub, as the importer writes its address. */
const HUB_FOLDER = /^https:\/\/(?:www\.)?huggingface\.co\/([^/\s]+\/[^/\s]+)\/tree\/([^/\s]+)$/

/**
 * Where an engine will find a stored model's file: on the hub under its name, or on the engine's own disk. What came from
 * any other server lies where whoever fetches it puts it, so only its file name is said.
 */
export function storedSource({
  format,
  address,
  fileName,
}: {
  readonly format: ModelFormat
  readonly address: string
  readonly fileName: string
}): ModelSource {
  if (format !== 'gguf') return folderSource(address, fileName)
  const [, repository, file] = HUB_FILE.exec(address) ?? []
  if (repository && file) return { kind: 'hub', repository, file }
  return { kind: 'path', path: address.startsWith('/') ? address : fileName }
}

/** A folder of the hub is named by its repository and revision, wherever it is put. */
function folderSource(address: string, name: string): ModelSource {
  const [, repository, revision] = HUB_FOLDER.exec(address) ?? []
  if (repository && revision) return { kind: 'hub', repository, revision: decodeURIComponent(revision) }
  return { kind: 'path', path: address.startsWith('/') ? address : `models/${name}` }
}
