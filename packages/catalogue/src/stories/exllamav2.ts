import {
  bytes,
  type Exl2CacheMode,
  exl2Engines,
  exl2Figures,
  exl2Summary,
  explainReason,
  formatBytes,
  groupThousands,
  planModel,
  type Remedy,
  requestDefaults,
  type RunRequest,
  tokens,
} from '@berth/core'
import { smaug34b } from './exllamav2-model.ts'
import { count, size, type Story, type Telling, text } from './story.ts'
import { storyMachine } from './story-machine.ts'

const engine = exl2Engines.exllamav2
/** A context of 0 is the trained one, which is what the cache is made for without `-l`. */
const request: RunRequest = { ...requestDefaults, contextLength: tokens(0), margin: bytes(0) }
const machine = storyMachine({
  name: 'workstation',
  gpus: [{ name: 'NVIDIA RTX A6000', memoryGib: 48, architecture: '8.6' }],
  hostGib: 128,
})

/** The modes that the script has a flag for, as the author named them. */
const FLAGS = { FP16: '', Q8: '-cq8', Q6: '-cq6', Q4: '-cq4' } as const satisfies Partial<Record<Exl2CacheMode, string>>
type Mode = keyof typeof FLAGS
const modes = Object.keys(FLAGS) as readonly Mode[]

function tell(): Telling {
  const model = smaug34b()
  const asked = (changes: Partial<RunRequest> = {}) =>
    planModel({ model, machine, engine, request: { ...request, ...changes } })
  const verdict = asked()
  if (verdict.fits || !verdict.nearest) throw new Error('Smaug-34B: the cache of 200,000 tokens fits 48 GB')
  const gpu = verdict.nearest.memory[0]!
  const { contextLengthTrained: trained } = model
  const { caches } = exl2Figures(model)
  const perToken = caches.find(({ mode }) => mode === 'FP16')!.bytesPerToken
  const onGpu = (mode: Mode) => {
    const found = asked(mode === 'FP16' ? {} : { exl2Cache: mode })
    const placement = found.fits ? found.best : found.nearest!
    return { fits: found.fits, memory: placement.memory[0]! }
  }
  return {
    says: [
      ...verdict.reasons.map((reason) => explainReason(reason, machine)),
      `The folder holds ${formatBytes(exl2Summary(model).weightBytes)}, but without -l the cache is made for all of the ${groupThousands(trained)} tokens that config.json states: ${groupThousands(perToken)} bytes a token, ${formatBytes(gpu.context)} in all, ${formatBytes(gpu.model)} of weights beside it.`,
    ],
    tables: [
      {
        title: 'What the card would have to hold',
        head: ['Part', 'Size'],
        rows: [
          [text('Weights, less the embedding, which lies in host memory'), size(gpu.model)],
          [text(`Cache for ${groupThousands(trained)} tokens`), size(gpu.context)],
          [text('Buffers'), size(gpu.compute)],
          [text('The driver’s context, and a pass over 2,048 tokens'), size(gpu.overhead)],
          [text('In all'), size(gpu.required)],
          [text('The card has'), size(gpu.capacity)],
        ],
      },
      {
        title: `The same ${groupThousands(trained)} tokens in every cache`,
        head: ['Cache', 'Flag', 'Cache takes', 'Needed in all', 'Fits'],
        rows: modes.map((mode) => {
          const { fits, memory } = onGpu(mode)
          const figures = [size(memory.context), size(memory.required)]
          return [text(mode), text(FLAGS[mode] || 'none'), ...figures, text(fits ? 'yes' : 'no')]
        }),
      },
      {
        title: 'The longest context that fits in halves',
        head: ['Tokens'],
        rows: verdict.remedies.flatMap(({ remedy }) =>
          remedy.code === 'reduce-context' ? [[count(remedy.contextLength)]] : [],
        ),
      },
    ],
    wayOut: verdict.remedies.flatMap(({ remedy, placement }) => {
      const sentence = wayOutOf(remedy)
      return sentence ? [`${sentence}: ${formatBytes(placement.memory[0]!.headroom)} stay free.`] : []
    }),
  }
}

function wayOutOf(remedy: Remedy): string | undefined {
  if (remedy.code === 'reduce-context')
    return `A context of ${groupThousands(remedy.contextLength)} tokens, -l ${remedy.contextLength}`
  if (remedy.code !== 'exl2-cache') return undefined
  const mode = modes.find((one) => one === remedy.cacheMode)
  return mode && `All of the context with the cache in ${mode}, ${FLAGS[mode]}`
}

export const exllamav2Story: Story = {
  id: 'exllamav2-long-context',
  title: 'Fourteen gigabytes that do not fit forty-eight',
  engine: 'ExLlamaV2',
  when: 'March 2024',
  thread: 'https://github.com/turboderp-org/exllamav2/issues/383',
  happened: [
    'Smaug-34B at 3.0 bits a weight, 13.83 GB of safetensors, on an RTX A6000 of 48 GB: the script that comes with ExLlamaV2 ran out of memory while it loaded.',
    'Nothing had been said of a context, so the cache was made for the 200,000 tokens that the model states. The way out was -l 100000 or -cq4.',
  ],
  tell,
}
