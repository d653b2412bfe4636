import { contextAsked } from '../../engines/llama-cpp-settings.ts'
import type { RunRequest } from '../../memory/settings.ts'
import { type Bytes, bytes, mebibytes, padTo, type Tokens, tokens } from '../../units.ts'
import { PAGE_TOKENS } from '../exllamav3/settings.ts'
import type { Exl2Model } from '../model.ts'
import type { Exl2Run } from '../plan/run.ts'
import { exl2Settings, withoutFp8 } from '../settings.ts'
import type { Device } from '../../machine/machine.ts'
import { EXL2_CONTROLS, type Exl2Engine, type SeenDevices, type SplitChoices } from './exl2-engine.ts'
import { exl2Refusals } from './exl2-refusals.ts'
import { exl3Run, hasFlashAttention, inPages, lacksFlashAttention, sequenceOf } from './exl2-request.ts'
import { launchTabby } from './tabbyapi-launch.ts'

/** `max_output_len`, which it sets for ExLlamaV2 whatever the config says. */
const MAX_OUTPUT_LEN = 16
/** `autosplit_reserve` of config_sample.yml, which is also kept where a margin is less. */
const LEAST_RESERVE = mebibytes(96)
/** Most jobs at once that a page table is thought for; more is a slip. */
const SLOT_LIMIT = 256

/**
 * TabbyAPI, which serves EXL2 by ExLlamaV2 and EXL3 by ExLlamaV3: slots share a paged cache of `cache_size` tokens, in
 * pages of 256, of which one may use `max_seq_len` (backends/exllamav2/model.py, backends/exllamav3/model.py).
 */
export const tabbyapi: Exl2Engine = {
  id: 'tabbyapi',
  name: 'TabbyAPI',
  version: '2026',
  verifiedAgainst: 'TabbyAPI 004e837 (config_sample.yml, config_models.py, backends)',
  backends: ['cuda', 'rocm'],
  controls: EXL2_CONTROLS,
  formats: ['exl2', 'exl3'],
  cacheModes: withoutFp8,
  deviceLimit: 16,
  isService: true,
  slotLimit: SLOT_LIMIT,
  triesPass: true,
  refusals: (model, _machine, request) => exl2Refusals(model, request, tabbyapi),
  runsOn: (device, model, request) => !needsFlashAttention(model, request) || !lacksFlashAttention(device),
  run: (request, model, devices) =>
    model.quantization.format === 'exl2' ? runExl2(request, model, devices) : exl3Run(request, model, chunkOf(request)),
  splits,
  launch: launchTabby,
}

/** ExLlamaV3 has nothing else, and without it ExLlamaV2 serves one job at a time (`paged = False`). */
const needsFlashAttention = ({ quantization }: Exl2Model, { parallel, flashAttention }: RunRequest): boolean =>
  quantization.format === 'exl3' || parallel > 1 || flashAttention === 'on'

/** Of ExLlamaV3: 256 or what is asked for, in whole pages. */
const chunkOf = ({ batchSize }: RunRequest): Tokens => tokens(padTo(Math.max(PAGE_TOKENS, batchSize), PAGE_TOKENS))

/** The middle of 256, what is asked for and the longest sequence; in whole pages. */
function runExl2(request: RunRequest, model: Exl2Model, devices: readonly Device[]): Exl2Run {
  const flashAttention = request.flashAttention !== 'off' && devices.every(hasFlashAttention)
  const maxSeqLen = sequenceOf(request, model)
  const [, middle] = [PAGE_TOKENS, request.batchSize, maxSeqLen].toSorted((a, b) => a - b) as [number, number, number]
  const chunk = tokens(padTo(middle, PAGE_TOKENS))
  const settings = exl2Settings(maxSeqLen, {
    cacheMode: request.exl2Cache ?? 'FP16',
    cacheTokens: flashAttention ? inPages(contextAsked(request, model)) : maxSeqLen,
    maxInputLen: chunk,
    maxAttentionSize: chunk ** 2,
    // Of a pass over a prompt as many rows as it says, of one for every job a row each.
    maxOutputLen: tokens(Math.max(MAX_OUTPUT_LEN, request.parallel)),
    flashAttention,
  })
  return { format: 'exl2', settings }
}

/** It lets the reserves be told. On a single GPU it splits nothing: ExLlamaV3 still keeps the reserve free. */
function splits({ format, margins }: SeenDevices): SplitChoices {
  const reserve = margins.map(reserveFor)
  if (margins.length > 1) return { manual: true, auto: reserve }
  return format === 'exl3' ? { manual: false, auto: [LEAST_RESERVE] } : { manual: true }
}

/** In whole MB, as the config has them. */
const reserveFor = (margin: Bytes): Bytes => bytes(Math.max(LEAST_RESERVE, padTo(margin, mebibytes(1))))
