import { type Handler, type RangeServer, startServer } from '@berth/sources/testing'
import { afterEach } from 'vitest'
import { encodeHeader } from '../encode.ts'
import type { ModelFile } from '../model/model-file.ts'
import { readModel, type ReadOptions } from '../model/read-model.ts'
import { llama, LLAMA_70B, TINY, tokenizer } from './models.ts'

/** Starts servers that end with the test that started them. */
export function startsServers(): (handler: Handler) => Promise<RangeServer> {
  const servers: RangeServer[] = []
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()))
  })
  return async (handler) => {
    const server = await startServer(handler)
    servers.push(server)
    return server
  }
}

export const read = (address: string, options: Partial<ReadOptions> = {}): Promise<ModelFile> =>
  readModel(address, { localFiles: false, ...options })

export const small = encodeHeader(llama(TINY))
/** 2.7 MB: reaches into the second request. */
export const middle = encodeHeader(llama(TINY, tokenizer(40_000, 12)))
/** Over 14 MB with 128k tokens and their merges. */
export const large = encodeHeader(llama(LLAMA_70B, tokenizer(LLAMA_70B.vocab, 26)))
