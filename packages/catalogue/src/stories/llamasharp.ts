import {
  bytes,
  contextsAtOnce,
  contextsWhenAsked,
  type CreationInput,
  type CreationStep,
  engineOf,
  explainMemoryOverTime,
  explainReason,
  explainStep,
  formatBytes,
  judge,
  memoryOverTime,
  occupiedBy,
  plan,
  planTogether,
  requestDefaults,
  type Resident,
  type Tenant,
  tokens,
} from '@berth/core'
import { catalogueModelOf, size, type Story, type StoryCourse, type Telling, text } from './story.ts'
import { storyMachine } from './story-machine.ts'

const machine = storyMachine({
  name: 'workstation',
  gpus: [{ name: 'NVIDIA GeForce RTX 3090', memoryGib: 24, architecture: '8.6' }],
  hostGib: 64,
})
const card = machine.devices[0]!
const names = ['A (Llama 3.1 8B Q8_0)', 'B (Qwen 2.5 14B Q4_K_M)']

function tenants(): readonly [Tenant, Tenant] {
  const engine = engineOf('llamasharp', '0.25.0')!
  const of = (id: string, mix: 'Q8_0' | 'Q4_K_M', contextLength: number): Tenant => ({
    ...{ model: catalogueModelOf(id, mix), engine },
    request: {
      ...requestDefaults,
      ...{ contextLength: tokens(contextLength), batchSize: tokens(512), flashAttention: 'on', margin: bytes(0) },
    },
  })
  return [of('llama-3.1-8b', 'Q8_0', 36_864), of('qwen2.5-14b', 'Q4_K_M', 16_384)]
}

function courseOf(input: CreationInput, steps: readonly CreationStep[]): StoryCourse {
  const { moments, failure } = memoryOverTime(input, steps)
  return {
    place: `GPU 0 (${card.name})`,
    capacity: card.memoryTotal,
    steps: moments.map(({ step, places }, at) => ({
      label: explainStep(step, names),
      held: places[0]!.held,
      fails: failure !== undefined && at === moments.length - 1,
    })),
  }
}

function tell(): Telling {
  const both = tenants()
  const residents = both.map((one): Resident => {
    const verdict = plan({ ...one, machine })
    if (!verdict.fits) throw new Error('llamasharp: one does not fit alone')
    return { model: one.model, placement: verdict.best }
  })
  const input: CreationInput = { machine, residents, oneProcess: true }
  const beside = judge({
    ...{ ...both[1], ...occupiedBy([residents[0]!.placement], { machine }), machine },
    split: residents[1]!.placement.split,
  })
  const late = contextsWhenAsked([1, 0])
  const together = planTogether({ machine, tenants: both })
  return {
    says: [
      explainMemoryOverTime(input, memoryOverTime(input, contextsAtOnce(2)), names),
      `Contexts created when a model is first asked fail earlier: ${explainMemoryOverTime(input, memoryOverTime(input, late), names)}`,
      ...beside.reasons.map((reason) => `B beside A as each was placed alone: ${explainReason(reason, machine)}`),
    ],
    tables: [
      {
        title: 'Each of them alone',
        head: ['Model', 'Weights', 'KV cache', 'Compute buffer', 'Driver and first prompt', 'In all'],
        rows: residents.map(({ placement }, at) => {
          const { model, context, compute, overhead, required } = placement.memory[0]!
          return [text(names[at]!), ...[model, context, compute, overhead, required].map((one) => size(one))]
        }),
      },
    ],
    course: courseOf(input, contextsAtOnce(2)),
    wayOut: [
      'Create each context right after its weights: what does not fit then fails while it loads, and not what already runs.',
      ...(together.fits
        ? [
            `Planned together both run: ${together.placements
              .map(
                ({ split, memory }, at) =>
                  `${names[at]} with ${split.hostBlocks} blocks in host memory and ${formatBytes(memory[0]!.required)} of the card`,
              )
              .join('; ')}.`,
          ]
        : []),
    ],
  }
}

export const llamasharpStory: Story = {
  id: 'llamasharp-two-models',
  title: 'The second model kills the first',
  engine: 'LLamaSharp 0.25',
  when: 'May 2024',
  thread: 'https://github.com/SciSharp/LLamaSharp/issues/759',
  happened: [
    'One program held two models on one GPU. Each fitted alone and both loaded; at the first inference with the first of them the library crashed, because the second had filled what its KV cache needed.',
    'The thread names neither models nor card; the two below are as large as its words.',
  ],
  tell,
}
