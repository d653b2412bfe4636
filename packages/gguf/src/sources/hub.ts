import { type Hub, listRepository } from '@berth/sources'
import type { Address } from '../address.ts'
import { chooseModel } from './hub-files.ts'

type HubFile = Extract<Address, { kind: 'hub-file' }>
type HubQuant = Extract<Address, { kind: 'hub-quant' }>

const REVISION = 'main'

/**
 * Finds the file a quant stands for by the repository's file list.
 *
 * @throws SourceError those of `listRepository`
 * @throws GgufError those of `chooseModel`
 */
export const resolveQuant = async (hub: Hub, { repo, quant }: HubQuant): Promise<HubFile> => {
  const paths = await listRepository(hub, { repo, revision: REVISION, recursive: true })
  return { kind: 'hub-file', repo, revision: REVISION, path: chooseModel(paths, { repo, quant }) }
}
