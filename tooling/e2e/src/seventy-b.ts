import { join } from 'node:path'
import { catalogueHeader, findCatalogueModel } from '@berth/catalogue'
import { encodedFileBytes, inferTypes, writeSparseFile } from '@berth/gguf/encode'
import { scene } from './scene.ts'

/** A file of a 70B's true shapes and size, 42 GB long and a few kilobytes on disk: its data is a hole. */
export async function writeSeventyB(): Promise<{ readonly path: string; readonly bytes: number }> {
  const model = findCatalogueModel('llama-3.3-70b')
  if (!model) throw new Error('the catalogue has no llama-3.3-70b')
  const plain = catalogueHeader(model, 'Q4_K_M')
  const header = { metadata: inferTypes(plain), tensors: plain.tensors }
  const path = join(scene.modelFolder, 'Llama-3.3-70B-Instruct-Q4_K_M.gguf')
  await writeSparseFile(path, header)
  return { path, bytes: encodedFileBytes(header) }
}
