import {
  bytes,
  type Engine,
  engineOf,
  engines,
  ollamaEstimateAccount,
  estimatedAndNeeded,
  explainOllamaEstimate,
  explainOwnChoice,
  gibibytes,
  placeEarlierOllama,
  plan,
  printedProcessor,
  printedSize,
  requestDefaults,
  type RunRequest,
  tokens,
} from '@berth/core'
import { catalogueModelOf, count, size, type Story, type Telling, text } from './story.ts'
import { storyMachine } from './story-machine.ts'

/** What the driver reports free of cards of 12, 12 and 10 GiB, of which the thread names two. */
const FREE_GIB = [11.72, 11.72, 9.75]
const machine = storyMachine({
  name: 'homelab',
  gpus: [
    { name: 'NVIDIA GeForce RTX 3060', memoryGib: 12, architecture: '8.6' },
    { name: 'NVIDIA RTX A2000 12GB', memoryGib: 12, architecture: '8.6' },
    { name: 'a card of 10 GB', memoryGib: 10, architecture: '8.6' },
  ],
  hostGib: 64,
})
const devices = machine.devices.map((device, at) => ({
  device,
  free: bytes(Math.round(FREE_GIB[at]! * 2 ** 30)),
}))
const request: RunRequest = {
  ...requestDefaults,
  ...{ contextLength: tokens(20_480), flashAttention: 'on', margin: bytes(0) },
}

function tell(): Telling {
  const model = catalogueModelOf('llama-3.3-70b', 'Q4_K_M')
  const april = engineOf('ollama', '0.6')!
  const today: Engine = engines.ollama
  const placed = placeEarlierOllama({ model, settings: april.settings(request, model), devices })
  const account = ollamaEstimateAccount(placed.schedule.chosen.estimate)
  const asked = { ...request, margin: gibibytes(1) }
  const now = plan({ model, machine, engine: today, request: asked })
  const shown = now.fits ? now.best : now.nearest
  return {
    says: [
      `Ollama 0.6 shows ${printedSize(account.size)} and ${printedProcessor(account)} for a file of ${printedSize(model.weightBytes)}. It is an estimate made before anything is loaded, and a compute graph is counted in it once for every GPU:`,
      ...explainOllamaEstimate(account),
    ],
    tables: [
      {
        title: 'What it believes, and what its own llama.cpp allocates for the same layers',
        head: ['GPU', 'Layers', 'Free before', 'Believed', 'Needed', 'Left unused'],
        rows: estimatedAndNeeded(placed, model, devices).map(({ layers, free, estimated, needed, unused }, at) => [
          text(machine.devices[at]!.name),
          count(layers),
          ...[free, estimated, needed, unused].map((one) => size(one)),
        ]),
      },
      ...(shown
        ? [
            {
              title: `What Ollama ${today.version} makes of the same cards`,
              head: ['Place', 'Layers', 'Needed'],
              rows: [
                ...shown.split.devices.map(({ device, layers }) => [
                  text(machine.devices.find(({ id }) => id === device)!.name),
                  count(layers),
                  size(shown.memory.find(({ place }) => place.kind === 'device' && place.device === device)!.required),
                ]),
                [text('Host memory'), count(shown.split.hostBlocks), size(shown.memory.at(-1)!.required)],
              ],
            },
          ]
        : []),
    ],
    wayOut: [
      'num_gpu set by hand puts more layers on the GPUs than the old estimate dares to.',
      ...(shown
        ? [
            `A version from 0.30 on leaves the layers to llama-server’s own fit: ${shown.split.devices.reduce((sum, { layers }) => sum + layers, 0)} of ${model.blockCount + 1} instead of ${placed.schedule.chosen.estimate.layers}.`,
            ...explainOwnChoice({ model, machine, engine: today, request: asked }, shown),
          ]
        : []),
    ],
  }
}

export const ollamaStory: Story = {
  id: 'ollama-61-gb',
  title: '42 GB on disk, 61 GB on the GPUs',
  engine: 'Ollama 0.6',
  when: 'March 2025',
  thread: 'https://github.com/ollama/ollama/issues/9471',
  happened: [
    'llama3.3:70b is a file of 42 GB and runs on one card of 48 GB at work. At home, over several smaller cards, ollama ps showed 61 GB and 44%/56% CPU/GPU.',
    'Meanwhile 4 to 5 GB of every card stayed free, and almost half of the model ran on the processor.',
  ],
  tell,
}
