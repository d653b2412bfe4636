import { contextAsked } from '../../engines/llama-cpp-settings.ts'
import type { RunRequest } from '../../memory/settings.ts'
import type { Tokens } from '../../units.ts'
import { exl3CacheBits } from '../exl3-cache-bits.ts'
import { exl3Settings } from '../exllamav3/settings.ts'
import type { Exl2Model } from '../model.ts'
import type { Exl2Run } from '../plan/run.ts'
import { inPages } from './exl2-request.ts'

/** ExLlamaV3 with the whole context in its cache, whoever starts it. */
export function exl3Run(request: RunRequest, model: Exl2Model, maxChunkSize: Tokens): Exl2Run {
  const cacheBits = exl3CacheBits[request.exl2Cache ?? 'FP16']
  const settings = exl3Settings(inPages(contextAsked(request, model)), {
    maxChunkSize,
    ...(cacheBits && { cacheBits }),
  })
  return { format: 'exl3', settings }
}
