import { contextAsked } from '../../engines/llama-cpp-settings.ts'
import { tokens } from '../../units.ts'
import type { LaunchInput } from '../../engines/engine.ts'
import type { Launch } from '../../engines/launch.ts'
import { exl2AutoSplitReserve } from '../auto-split.ts'
import { type Exl2CacheMode, exl2CacheModes, exl2Settings } from '../settings.ts'
import { EXL2_CONTROLS, type Exl2Engine } from './exl2-engine.ts'
import { launchChat, toldOf } from './exl2-launch.ts'
import { exl2Refusals } from './exl2-refusals.ts'
import { hasFlashAttention, lacksFlashAttention } from './exl2-request.ts'

/** `max_output_len` that examples/chat.py hands to model_init. */
const MAX_OUTPUT_LEN = 16

/** Flags of examples/chat.py for the cache classes. */
const cacheFlags = {
  FP16: [],
  FP8: ['-c8'],
  Q8: ['-cq8'],
  Q6: ['-cq6'],
  Q4: ['-cq4'],
} as const satisfies Record<Exl2CacheMode, readonly string[]>

/**
 * ExLlamaV2 as its own examples/chat.py runs it: one sequence, its cache as long as the context (`-l`), pieces of a
 * prompt of `-chunk` tokens, whose square is `max_attention_size` (exllamav2/model_init.py).
 */
export const exllamav2: Exl2Engine = {
  id: 'exllamav2',
  name: 'ExLlamaV2 (examples/chat.py)',
  version: '0.3',
  verifiedAgainst: 'ExLlamaV2 0.3 (model.py, model_init.py, cache.py, examples/chat.py)',
  backends: ['cuda', 'rocm'],
  controls: EXL2_CONTROLS,
  formats: ['exl2'],
  cacheModes: exl2CacheModes,
  deviceLimit: 16,
  isService: false,
  slotLimit: 1,
  triesPass: false,
  refusals: (model, _machine, request) => exl2Refusals(model, request, exllamav2),
  runsOn: (device, _model, { flashAttention }) => flashAttention !== 'on' || !lacksFlashAttention(device),
  run: (request, model, devices) => {
    const maxSeqLen = contextAsked(request, model)
    const maxInputLen = tokens(Math.min(request.batchSize, maxSeqLen))
    const settings = exl2Settings(maxSeqLen, {
      cacheMode: request.exl2Cache ?? 'FP16',
      maxInputLen,
      maxAttentionSize: maxInputLen ** 2,
      maxOutputLen: tokens(MAX_OUTPUT_LEN),
      flashAttention: request.flashAttention !== 'off' && devices.every(hasFlashAttention),
    })
    return { format: 'exl2', settings }
  },
  splits: ({ margins }) =>
    margins.length === 1 ? { manual: true } : { manual: true, auto: exl2AutoSplitReserve(margins.length) },
  launch,
}

function launch(input: LaunchInput): Launch {
  const { run } = toldOf(input)
  if (run.format !== 'exl2') throw new Error('ExLlamaV2 reads no EXL3')
  const { maxSeqLen, maxInputLen, cacheMode, flashAttention } = run.settings
  return launchChat(input, [
    ...['-l', String(maxSeqLen)],
    ...['-chunk', String(maxInputLen)],
    ...cacheFlags[cacheMode],
    ...(flashAttention ? [] : ['-nfa', '-nxf']),
  ])
}
