import { type Exl2Model, exl2Summary, type GgufHeader, type Model, tensorBytes } from '@berth/core'
import type { Exl2Folder } from '@berth/exl2'
import type { ModelFile } from '@berth/gguf'
import type { ModelFormat } from './schema.ts'
import { encodeFolder } from './stored-header.ts'

/** What was read, and what it describes: a file or a folder. */
export type ReadModel =
  | { readonly kind: 'file'; readonly file: ModelFile; readonly model: Model }
  | { readonly kind: 'folder'; readonly folder: Exl2Folder; readonly model: Exl2Model }

/** Where it was found last; the rest of a row follows from the header. */
export const placeOf = (read: ReadModel) =>
  read.kind === 'file'
    ? { address: storable(read.file.address), fileName: storable(read.file.fileName), shards: listed(read.file.shards) }
    : {
        address: storable(read.folder.address),
        fileName: storable(read.folder.name),
        shards: listed(read.folder.files),
      }

/** The columns of a row. */
export const recordOf = (read: ReadModel) => ({
  ...placeOf(read),
  ...(read.kind === 'file' ? ofFile(read.file, read.model) : ofFolder(read.folder, read.model)),
})

const ofFile = (file: ModelFile, model: Model) => ({
  format: 'gguf' satisfies ModelFormat,
  sha256: file.sha256,
  header: Uint8Array.from(file.trimmed),
  fileBytes: BigInt(file.fileBytes),
  architecture: storable(model.architecture),
  name: storable(model.name),
  parameterCount: BigInt(model.parameterCount),
  weightBytes: BigInt(model.weightBytes),
  blockCount: model.blockCount,
  contextLengthTrained: BigInt(model.contextLengthTrained),
  mainType: mainType(file.header),
})

function ofFolder(folder: Exl2Folder, model: Exl2Model) {
  const { parameterCount, weightBytes, type } = exl2Summary(model)
  return {
    format: model.quantization.format satisfies ModelFormat,
    sha256: folder.sha256,
    header: encodeFolder(folder.header),
    fileBytes: BigInt(folder.fileBytes),
    architecture: storable(model.architecture),
    name: storable(folder.name),
    parameterCount: BigInt(parameterCount),
    weightBytes: BigInt(weightBytes),
    blockCount: model.blockCount,
    contextLengthTrained: BigInt(model.contextLengthTrained),
    mainType: type,
  }
}

const listed = (files: readonly { readonly name: string; readonly bytes: number }[]): string =>
  JSON.stringify(files.map(({ name, bytes }) => ({ name: storable(name), bytes })))

/** Text out of a file: NUL cannot be stored, and control characters should not be shown. */
const storable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cs}]/gu, '\u{FFFD}').slice(0, 4096)

function mainType({ tensors }: GgufHeader): string {
  const byType = new Map<string, number>()
  for (const tensor of tensors) byType.set(tensor.type, (byType.get(tensor.type) ?? 0) + tensorBytes(tensor))
  return [...byType].reduce((most, entry) => (entry[1] > most[1] ? entry : most), ['f32', 0] as const)[0]
}
