import type { Remedy } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { changeOf } from './apply-remedy.ts'

describe('changeOf', () => {
  it.each<[Remedy, unknown]>([
    [
      { code: 'reduce-context', contextLength: 4096 },
      { ctx: 4096, show: 0 },
    ],
    [
      { code: 'quantize-cache', cacheType: 'q8_0' },
      { ctk: 'q8_0', ctv: 'q8_0', show: 0 },
    ],
    [
      { code: 'reduce-ubatch', ubatchSize: 128 },
      { ub: 128, show: 0 },
    ],
    [
      { code: 'reduce-parallel', parallel: 2 },
      { np: 2, show: 0 },
    ],
    [{ code: 'flash-attention' }, { fa: 'auto', show: 0 }],
    [
      { code: 'exl2-cache', cacheMode: 'Q6' },
      { cache: 'Q6', show: 0 },
    ],
    [
      { code: 'reduce-chunk', batchSize: 512 },
      { chunk: 512, show: 0 },
    ],
    [
      { code: 'smaller-file', name: 'Q3_K_M' },
      { mix: 'Q3_K_M', show: 0 },
    ],
    // a stored file has its own page
    [{ code: 'smaller-file', name: 'small.gguf' }, undefined],
    // the request stays as it is: these are other placements of it
    [{ code: 'blocks-on-host', hostBlocks: 4 }, undefined],
    [{ code: 'cache-on-host' }, undefined],
    [{ code: 'experts-on-host', expertsOnHost: 4 }, undefined],
  ])('%j becomes %j', (remedy, change) => expect(changeOf(remedy)).toEqual(change))
})
