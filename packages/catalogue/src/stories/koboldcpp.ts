import {
  bytes,
  type Engine,
  engineAlone,
  engineOf,
  engines,
  explainReason,
  judge,
  type JudgedSplit,
  type Machine,
  mebibytes,
  plan,
  requestDefaults,
  tokens,
} from '@berth/core'
import { catalogueModelOf, count, size, type Story, type Telling, text } from './story.ts'
import { storyMachine } from './story-machine.ts'

const LAYERS = 33
const CONTEXTS = [2048, 4096, 8192] as const
const machine: Machine = storyMachine({
  name: 'laptop',
  gpus: [{ name: 'NVIDIA GeForce RTX 3050 Ti Laptop GPU', memoryGib: 4, architecture: '8.6' }],
  hostGib: 16,
  os: 'windows',
})
const card = machine.devices[0]!
/** No margin: the question is what fails, or crawls, and what does not. */
const ask = (context: number) => ({ ...requestDefaults, contextLength: tokens(context), margin: mebibytes(0) })

function tell(): Telling {
  const model = catalogueModelOf('llama-3-8b', 'Q4_K_M')
  const april = engineOf('koboldcpp', '1.63')!
  const today: Engine = engines.koboldcpp
  const withLayers = (layers: number, context: number): JudgedSplit =>
    judge({
      ...{ model, engine: april, machine, request: ask(context) },
      split: { devices: [{ device: card.id, layers }], hostBlocks: LAYERS - layers, expertsOnHost: 0, overrides: [] },
    })
  const layersOf = (engine: Engine, context: number): number => {
    const verdict = plan({ model, engine, machine, request: ask(context) })
    return verdict.fits ? verdict.best.split.devices.reduce((sum, { layers }) => sum + layers, 0) : 0
  }
  const all = withLayers(LAYERS, 4096)
  const held = all.placement!.memory[0]!
  const fitting = layersOf(april, 4096)
  const kept = withLayers(fitting, 4096).placement!.memory[0]!
  const alone = engineAlone({ model, engine: today, machine, request: ask(4096) })
  return {
    says: all.reasons.map((reason) => explainReason(reason, machine)),
    tables: [
      {
        title: 'All 33 layers on a card of 4 GiB, context 4,096',
        head: ['Part', 'Size'],
        rows: [
          [text('Weights'), size(held.model)],
          [text('KV cache'), size(held.context)],
          [text('Compute buffer'), size(held.compute)],
          [text('Driver, at most'), size(held.overhead)],
          [text('In all'), size(held.required)],
        ],
      },
      {
        title: 'Layers that do fit, with the compute buffer and the driver counted',
        head: ['Context', 'KoboldCpp 1.63', 'KoboldCpp today'],
        rows: CONTEXTS.map((context) => [
          count(context),
          text(`${layersOf(april, context)} of ${LAYERS}`),
          text(`${layersOf(today, context)} of ${LAYERS}`),
        ]),
      },
    ],
    wayOut: [
      `--gpulayers ${fitting} for a context of 4,096: ${size(bytes(kept.compute + kept.overhead)).text} of the card stay free for the compute buffer and the driver.`,
      ...(alone
        ? [
            `Since version 1.108 it finds layers itself where --gpulayers is left out: here ${alone.placement.split.devices.reduce((sum, { layers }) => sum + layers, 0)} of ${LAYERS}, with 1 GiB left free.`,
          ]
        : []),
      'On Windows, set the NVIDIA Control Panel’s “CUDA - Sysmem Fallback Policy” to prefer no fallback: then it fails at once instead of crawling.',
    ],
  }
}

export const koboldcppStory: Story = {
  id: 'koboldcpp-spill',
  title: 'No error, and no tokens either',
  engine: 'KoboldCpp 1.63',
  when: 'April 2024',
  thread: 'https://github.com/LostRuins/koboldcpp/issues/800',
  happened: [
    'Llama 3 8B Q4_K_M with all 33 layers on a laptop’s RTX 3050 Ti of 4 GB, under Windows: it loaded without an error, read a prompt of 450 tokens in 110 seconds and then made less than a hundredth of a token a second.',
    'The user found out that it was simply too many layers.',
  ],
  tell,
}
