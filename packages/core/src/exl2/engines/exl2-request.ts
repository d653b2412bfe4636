import { contextAsked } from '../../engines/llama-cpp-settings.ts'
import type { Device } from '../../machine/machine.ts'
import { computeCapability } from '../../memory/driver-context.ts'
import type { RunRequest } from '../../memory/settings.ts'
import { padTo, type Tokens, tokens } from '../../units.ts'
import { exl3CacheBits } from '../exl3-cache-bits.ts'
import { exl3Settings, PAGE_TOKENS } from '../exllamav3/settings.ts'
import type { Exl2Model } from '../model.ts'
import type { Exl2Run } from '../plan/run.ts'

/** A paged cache has whole pages: `Cache` of ExLlamaV3 insists, TabbyAPI rounds up. */
export const inPages = (length: number): Tokens => tokens(padTo(length, PAGE_TOKENS))

/** Tokens of one sequence, where all of them share the cache: `max_seq_len`. */
export const sequenceOf = (request: RunRequest, model: Exl2Model): Tokens => {
  const context = contextAsked(request, model)
  return request.kvUnified ? context : tokens(Math.max(1, Math.floor(context / request.parallel)))
}

/** ExLlamaV3 with the whole context in its cache, whoever starts it. */
export function exl3Run(request: RunRequest, model: Exl2Model, maxChunkSize: Tokens): Exl2Run {
  const cacheBits = exl3CacheBits[request.exl2Cache ?? 'FP16']
  const settings = exl3Settings(inPages(contextAsked(request, model)), {
    maxChunkSize,
    ...(cacheBits && { cacheBits }),
  })
  return { format: 'exl3', settings }
}

/** flash-attn 2 needs Ampere; ExLlama uses it on NVIDIA cards only (`hardware_supports_flash_attn` of TabbyAPI). */
const FLASH_ATTENTION_CAPABILITY = 8

/** False too where no tool said the capability: what is kept without it is more. */
export const hasFlashAttention = (device: Device): boolean =>
  (computeCapability(device) ?? 0) >= FLASH_ATTENTION_CAPABILITY

/** Known not to have it. */
export const lacksFlashAttention = (device: Device): boolean =>
  device.backend !== 'cuda' || (computeCapability(device) ?? FLASH_ATTENTION_CAPABILITY) < FLASH_ATTENTION_CAPABILITY
