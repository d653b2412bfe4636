import {
  bytes,
  describeExl2,
  type Exl2FolderShape,
  type Exl2Model,
  exl2Engines,
  exl2FolderOf,
  explainReason,
  explainRemedy,
  formatBytes,
  groupThousands,
  mebibytes,
  planModel,
  quotePosix,
  requestDefaults,
} from '@berth/core'
import { count, size, type Story, type Telling, text } from './story.ts'
import { storyMachine } from './story-machine.ts'

/** Smaug-34B-v0.1 at 3.0 bits a weight with a head of 6: the shape of Yi-34B, and its context of 200,000 tokens. */
const SMAUG_34B: Exl2FolderShape = {
  architecture: 'LlamaForCausalLM',
  ...{ blocks: 60, hidden: 7168, heads: 56, keyHeads: 8, headDim: 128, feedForward: 20_480 },
  ...{ vocab: 64_000, positions: 200_000, bits: 3, headBits: 6 },
}
const machine = storyMachine({
  name: 'server',
  gpus: [{ name: 'NVIDIA RTX A6000', memoryGib: 48, architecture: '8.6' }],
  hostGib: 128,
})

function modelOf(shape: Exl2FolderShape): Exl2Model {
  const described = describeExl2(exl2FolderOf(shape))
  if (!described.ok) throw new Error(described.issue.code)
  return described.value
}

function tell(): Telling {
  const model = modelOf(SMAUG_34B)
  const engine = exl2Engines.exllamav2
  const request = { ...requestDefaults, margin: mebibytes(1024) }
  const verdict = planModel({ model, machine, engine, request })
  if (verdict.fits || !verdict.nearest) throw new Error('exllamav2: nothing is lacking')
  const held = verdict.nearest.memory[0]!
  const perToken = 2 * SMAUG_34B.headDim * SMAUG_34B.keyHeads * SMAUG_34B.blocks * 2
  return {
    says: [
      ...verdict.reasons.map((reason) => explainReason(reason, machine)),
      `Without -l the cache is made for the model’s whole context: ${groupThousands(perToken)} bytes a token (2 × ${SMAUG_34B.blocks} blocks × ${SMAUG_34B.keyHeads} KV heads × ${SMAUG_34B.headDim} × 2 bytes) times ${groupThousands(SMAUG_34B.positions)} tokens are ${formatBytes(bytes(perToken * SMAUG_34B.positions))}.`,
    ],
    tables: [
      {
        title: 'On the card, at the default context of 200,000 tokens',
        head: ['Part', 'Size'],
        rows: [
          [text('Quantized weights'), size(held.model)],
          [text('Cache'), size(held.context)],
          [text('Buffers and the pass of a chunk, at most'), size(held.compute)],
          [text('Driver'), size(held.overhead)],
          [text('In all'), size(held.required)],
        ],
      },
      {
        title: 'What makes it fit, one thing at a time',
        head: ['Change', 'Context', 'Cache', 'Left beyond the margin'],
        rows: verdict.remedies.map(({ remedy, placement }) => [
          text(explainRemedy(remedy)),
          count(placement.settings.contextLength),
          size(placement.memory[0]!.context),
          size(placement.memory[0]!.headroom),
        ]),
      },
    ],
    wayOut: verdict.remedies.map(({ remedy, placement }) => {
      const source = { kind: 'hub', repository: 'LoneStriker/Smaug-34B-v0.1-3.0bpw-h6-exl2' } as const
      const { arguments: list } = engine.launch({ placement, machine, source })
      return `${explainRemedy(remedy)} ${list.map(quotePosix).join(' ')}`
    }),
  }
}

export const exllamav2Story: Story = {
  id: 'exllamav2-long-context',
  title: 'A context of 200,000 tokens by default',
  engine: 'ExLlamaV2',
  when: 'March 2024',
  thread: 'https://github.com/turboderp-org/exllamav2/issues/383',
  happened: [
    'Smaug-34B at 3.0 bits a weight is less than 14 GB of safetensors, and still did not load on one card of 48 GB: out of memory for the cache.',
  ],
  tell,
}
