import type { LaunchInput } from '../../engines/engine.ts'
import type { Launch } from '../../engines/launch.ts'
import { exl3Reserve } from '../exllamav3/split.ts'
import { EXL2_CONTROLS, type Exl2Engine } from './exl2-engine.ts'
import { launchChat, toldOf } from './exl2-launch.ts'
import { exl2Refusals } from './exl2-refusals.ts'
import { exl3Run, lacksFlashAttention } from './exl2-request.ts'
import { withoutFp8 } from '../settings.ts'

/**
 * ExLlamaV3 as its own examples/chat.py runs it: one job, a cache of `-cs` tokens in whole pages, pieces of a prompt of
 * `-chunk_size` tokens. `-gs` says what each device may take, and nothing else says what must stay free
 * (exllamav3/model_init.py); left to itself the loader keeps half a GiB free.
 */
export const exllamav3: Exl2Engine = {
  id: 'exllamav3',
  name: 'ExLlamaV3 (examples/chat.py)',
  version: '1',
  verifiedAgainst: 'ExLlamaV3 1 (model_ls.py, model_init.py, cache, examples/chat.py)',
  backends: ['cuda'],
  controls: EXL2_CONTROLS,
  formats: ['exl3'],
  cacheModes: withoutFp8,
  deviceLimit: 16,
  isService: false,
  slotLimit: 1,
  triesPass: true,
  refusals: (model, _machine, request) => exl2Refusals(model, request, exllamav3),
  runsOn: (device) => !lacksFlashAttention(device),
  run: (request, model) => exl3Run(request, model, request.batchSize),
  splits: ({ margins }) =>
    margins.length === 1 ? { manual: true } : { manual: true, auto: margins.map(() => exl3Reserve) },
  launch,
}

function launch(input: LaunchInput): Launch {
  const { run } = toldOf(input)
  if (run.format !== 'exl3') throw new Error('ExLlamaV3 reads no EXL2')
  const { cacheTokens, cacheBits, maxChunkSize } = run.settings
  return launchChat(input, [
    ...['-cs', String(cacheTokens)],
    ...['-chunk_size', String(maxChunkSize)],
    ...['-ambs', '1'],
    ...(cacheBits ? ['-cq', `${cacheBits.keys},${cacheBits.values}`] : []),
  ])
}
