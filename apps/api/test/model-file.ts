import { catalogueHeader, findCatalogueModel } from '@berth/catalogue'
import type { Bytes, GgufHeader, Mix } from '@berth/core'
import { encodeHeader, inferTypes, writeSparseFile } from '@berth/gguf/encode'

/** The header of a model that people run, as a converter writes it but for the tokenizer's tables. */
export function headerOf(id: string, mix: Mix = 'Q4_K_M'): GgufHeader {
  const model = findCatalogueModel(id)
  if (model === undefined) throw new Error(`The catalogue has no ${id}.`)
  return { ...catalogueHeader(model, mix), trimmedArrayLengths: {} }
}

const encodable = (header: GgufHeader) => ({ metadata: inferTypes(header), tensors: header.tensors })

/** A file of full size that takes the room of its header. */
export const writeModelFile = (path: string, header: GgufHeader): Promise<Bytes> =>
  writeSparseFile(path, encodable(header))

export const headerBytes = (header: GgufHeader): Uint8Array => encodeHeader(encodable(header))
