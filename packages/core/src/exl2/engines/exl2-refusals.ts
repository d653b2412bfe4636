import { contextReasons, marginRanges, rangeReasons, refuse } from '../../engines/setting-reasons.ts'
import type { RunRequest } from '../../memory/settings.ts'
import { CONTEXT_LENGTH_MAX } from '../../model/header-issues.ts'
import type { Reason } from '../../placement/verdict.ts'
import type { Exl2Format, Exl2Model } from '../model.ts'
import type { Exl2CacheMode } from '../settings.ts'
import type { Exl2Engine } from './exl2-engine.ts'

/** Longer pieces of a prompt than the longest context are a slip. */
const CHUNK_LIMIT = CONTEXT_LENGTH_MAX

/** What an ExLlama engine refuses whatever the memory. All of it, not the first. */
export function exl2Refusals(
  model: Exl2Model,
  request: RunRequest,
  engine: Pick<Exl2Engine, 'id' | 'formats' | 'slotLimit' | 'cacheModes'>,
): readonly Reason[] {
  const { format } = model.quantization
  if (!engine.formats.includes(format)) {
    return [{ code: 'format-not-readable', format: format.toUpperCase(), engine: engine.id }]
  }
  const outOfRange = [
    ...rangeReasons([
      ['parallel', request.parallel, 1, engine.slotLimit],
      ['batchSize', request.batchSize, 1, CHUNK_LIMIT],
      ...marginRanges(request),
    ]),
    ...contextReasons(request, CONTEXT_LENGTH_MAX),
  ]
  return outOfRange.length > 0 ? outOfRange : settingReasons(request, format, engine.cacheModes)
}

function settingReasons(
  request: RunRequest,
  format: Exl2Format,
  cacheModes: readonly Exl2CacheMode[],
): readonly Reason[] {
  const { cacheTypeK, cacheTypeV, exl2Cache = 'FP16', splitMode, flashAttention } = request
  const reasons: Reason[] = []
  for (const [setting, type] of [
    ['cacheTypeK', cacheTypeK],
    ['cacheTypeV', cacheTypeV],
  ] as const) {
    if (type !== 'f16') reasons.push(refuse(setting, type, 'exllama-has-cache-modes-of-its-own'))
  }
  if (!cacheModes.includes(exl2Cache)) reasons.push(refuse('exl2Cache', exl2Cache, 'cache-mode-not-in-this-engine'))
  if (!request.offloadKqv) reasons.push(refuse('offloadKqv', 'false', 'exllama-keeps-its-cache-on-the-gpu'))
  if (splitMode === 'row' || splitMode === 'tensor') {
    reasons.push(refuse('splitMode', splitMode, 'tensor-parallel-not-planned-for-exllama'))
  }
  if (flashAttention === 'off' && format === 'exl3') {
    reasons.push(refuse('flashAttention', 'off', 'exllamav3-always-uses-flash-attention'))
  }
  return reasons
}
