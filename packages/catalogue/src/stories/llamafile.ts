import {
  bytes,
  type Engine,
  engineOf,
  explainModelMemory,
  explainReason,
  formatBytes,
  judge,
  type LayerSplit,
  mebibytes,
  type Model,
  plan,
  requestDefaults,
  type RunRequest,
  tokens,
} from '@berth/core'
import { catalogueModelOf, count, size, type Story, type Telling, text } from './story.ts'
import { storyMachine } from './story-machine.ts'

/** What a display and a browser hold; the thread does not tell. */
const OTHERS = mebibytes(1024)
const request: RunRequest = { ...requestDefaults, contextLength: tokens(8192), margin: bytes(0) }
const machine = storyMachine({
  name: 'desktop',
  gpus: [{ name: 'NVIDIA GeForce GTX 1070', memoryGib: 8, architecture: '6.1' }],
  hostGib: 32,
  used: OTHERS,
})
const card = machine.devices[0]!

const allLayers = ({ blockCount }: Model): LayerSplit => ({
  devices: [{ device: card.id, layers: blockCount + 1 }],
  ...{ hostBlocks: 0, expertsOnHost: 0, overrides: [] },
})

const whole = (model: Model, engine: Engine, changes: Partial<RunRequest> = {}) => {
  const judged = judge({ model, machine, engine, request: { ...request, ...changes }, split: allLayers(model) })
  return { memory: judged.placement!.memory[0]!, reasons: judged.reasons }
}

/** From 32 tokens on a multiplication is worth the upload of its matrix. */
const LEAST_UPLOADED = 32

function tell(): Telling {
  const engine = engineOf('llamafile', '0.8.14')!
  const [f16, q8] = (['F16', 'Q8_0'] as const).map((mix) => catalogueModelOf('llama-3.2-3b', mix)) as [Model, Model]
  const { memory, reasons } = whole(f16, engine)
  const explained = explainModelMemory({ model: f16, engine, request, capability: '6.1' })
  if (!explained.ok) throw new Error(explained.issue.join(' '))
  const [buffer] = explained.value.groups.find(({ part }) => part === 'compute')!.figures
  const verdict = plan({ model: f16, machine, engine, request })
  if (!verdict.fits) throw new Error('llamafile: with no number of layers')
  const { split } = verdict.best
  const small = { ubatchSize: tokens(LEAST_UPLOADED - 1) }
  return {
    says: [
      ...reasons.map((reason) => explainReason(reason, machine)),
      `Weights and KV cache do fit; the compute buffer of ${formatBytes(memory.compute)} that is allocated last does not. This version leaves a tied output matrix in host memory, so every large batch copies it into that buffer.`,
    ],
    tables: [
      {
        title: 'What the compute buffer holds, to the byte',
        head: ['Part', 'Size'],
        rows: [
          ...buffer!.lines.flatMap((line) => (line.bytes === undefined ? [] : [[text(line.text), size(line.bytes)]])),
          [text('In all: the buffer that could not be allocated'), size(memory.compute)],
        ],
      },
      {
        title: 'All 29 layers on the card, with 1 GiB held by others',
        head: ['File and ubatch', 'Compute buffer', 'Needed in all', 'Fits'],
        rows: [
          ['F16, ubatch 512', whole(f16, engine)] as const,
          ['Q8_0, ubatch 512', whole(q8, engine)] as const,
          [`F16, ubatch ${LEAST_UPLOADED - 1}`, whole(f16, engine, small)] as const,
        ].map(([name, one]) => [
          text(name),
          size(one.memory.compute),
          size(one.memory.required),
          text(one.reasons.length === 0 ? 'yes' : 'no'),
        ]),
      },
      {
        title: 'F16 with as many layers as do fit',
        head: ['Layers on the GPU', 'Blocks in host memory'],
        rows: [[count(split.devices[0]!.layers), count(split.hostBlocks)]],
      },
    ],
    wayOut: [
      'Take the Q8_0 file: the copied matrix is half as large, and all layers fit.',
      `Or give ${split.devices[0]!.layers} of 29 layers to the card: -ngl ${split.devices[0]!.layers}.`,
      `Or keep the ubatch below ${LEAST_UPLOADED} tokens (-ub ${LEAST_UPLOADED - 1}): the host then multiplies by the matrix that it holds, and prompts are read slowly.`,
      'Or take a current llamafile, which keeps a copy of the matrix with the weights and logits for one row only.',
    ],
  }
}

export const llamafileStory: Story = {
  id: 'llamafile-compute-buffer',
  title: 'The buffer nobody planned for',
  engine: 'llamafile 0.8.14',
  when: 'October 2024',
  thread: 'https://github.com/mozilla-ai/llamafile/issues/598',
  happened: [
    'Llama 3.2 3B in f16 on a GTX 1070 of 8 GB, with all layers asked for by -ngl 999: the program crashed while it started. The same model in Q8_0 ran.',
    'The log named a CUDA buffer of 1,056,964,608 bytes that could not be allocated, and then a segmentation fault.',
  ],
  tell,
}
