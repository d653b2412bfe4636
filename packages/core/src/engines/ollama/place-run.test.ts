import { describe, expect, it } from 'vitest'
import { HOST } from '../../memory/run-memory.ts'
import { requestDefaults, type RunRequest } from '../../memory/settings.ts'
import { llama8b, llamaModel, machineOf } from '../../placement/fixtures.ts'
import { bytes, gibibytes, mebibytes, tokens } from '../../units.ts'
import type { OpenRun, SeenDevice } from '../engine.ts'
import { explainOllamaStep } from './explain-placement.ts'
import { llama33, seen } from './fixtures.ts'
import { ollama } from './ollama.ts'
import { type OllamaOptions, placeRun } from './place-run.ts'
import { predictVram } from './predict-vram.ts'
import { selectGpus } from './select-gpus.ts'

const model = llamaModel(llama8b)
const runOn = (devices: readonly SeenDevice[], changes: Partial<RunRequest> = {}, of = model): OpenRun => ({
  model: of,
  settings: ollama.settings({ ...requestDefaults, contextLength: tokens(8192), ...changes }, of),
  devices,
})
const leftAlone = (run: OpenRun): OpenRun => ({ ...run, settings: { ...run.settings, contextLength: tokens(0) } })
const placed = (run: OpenRun, options?: OllamaOptions) => {
  const { choice, steps } = placeRun(run, options)
  const counts = [HOST, ...run.devices.map((_, at) => at)].map(
    (place) => choice.layout.layers.filter((one) => one === place).length,
  )
  return { counts, splitMode: choice.layout.splitMode, outcome: choice.outcome, choice, steps }
}

describe('which GPUs', () => {
  const backends = (
    names: readonly ('cuda' | 'rocm' | 'vulkan')[],
    gibs: readonly number[],
    unified: readonly number[] = [],
  ) =>
    machineOf(
      gibs.map((gib, at) => ({ gib, backend: names[at]!, changes: { unified: unified.includes(at) } })),
    ).devices.map((device): SeenDevice => ({ device, free: device.memoryTotal }))
  const cuda = ['cuda', 'cuda', 'cuda'] as const

  it.each<
    readonly [readonly SeenDevice[], predictedGib: number, spread: boolean, gpus: readonly number[], because: string]
  >([
    [backends(cuda, []), 1, false, [], 'only'],
    [backends(cuda, [8]), 100, false, [0], 'only'],
    // 80 % of 10 GiB are 8 GiB.
    [backends(cuda, [8, 10]), 8, false, [1], 'one-gpu'],
    [backends(cuda, [8, 10]), 8.01, false, [0, 1], 'group'],
    [backends(cuda, [24, 48, 48]), 10, false, [1], 'one-gpu'],
    [backends(cuda, [24, 48, 48]), 10, true, [0, 1, 2], 'group'],
    // Of two libraries the one with more memory in all, and a single card of either before them.
    [backends(['rocm', 'cuda', 'cuda'], [30, 16, 16]), 28, false, [1, 2], 'group'],
    [backends(['rocm', 'cuda', 'cuda'], [30, 16, 16]), 20, false, [0], 'one-gpu'],
    // Memory of its own before a larger share of the host's.
    [backends(['cuda', 'vulkan'], [12, 64], [1]), 8, false, [0], 'one-gpu'],
    [backends(['cuda', 'vulkan'], [12, 64], [1]), 20, false, [1], 'one-gpu'],
    [backends(['cuda', 'vulkan'], [12, 64], [1]), 60, false, [0], 'group'],
  ])('of %# for %d GiB, spread %s: %j, %s', (devices, predictedGib, spread, gpus, because) => {
    const selection = selectGpus(devices, gibibytes(predictedGib), { spread })
    expect([selection.gpus, selection.because]).toEqual([gpus, because])
  })
})

it('predicts every block with the fewest KV heads and the narrowest head of any', () => {
  const uneven = {
    ...model,
    headCount: [32, 16, ...model.headCount.slice(2)],
    headCountKv: [8, 4, ...model.headCountKv.slice(2)],
  }
  const { headsKv, headLength, cache, total } = predictVram(uneven, 1000)
  expect([headsKv, headLength, cache, total - model.weightBytes]).toEqual([4, 128, 65_536_000, 65_536_000])
  expect(predictVram({ ...model, headCountKv: [0] }, 1).headsKv).toBe(1)
})

describe('where llama-server is started', () => {
  it('on one GPU where it is predicted to fit, the others unseen', () => {
    const { counts, splitMode, outcome } = placed(runOn(seen([8, 24, 12])))
    expect([counts, splitMode, outcome]).toEqual([[0, 0, 33, 0], 'none', 'unchanged'])
  })

  it('on all GPUs where it is not, though one would do', () => {
    // 4.2 GiB of weights and 1 GiB of cache: more than 80 % of 6 GiB.
    const { counts, splitMode } = placed(runOn(seen([6, 6]), { margin: bytes(0) }))
    expect([counts, splitMode]).toEqual([[0, 17, 16], 'layer'])
  })

  it('on all GPUs when told to spread', () => {
    const { counts } = placed(runOn(seen([24, 24])), { spread: true })
    expect(counts).toEqual([0, 17, 16])
  })

  it("with as many layers as its fit finds room for beside a device's own margin", () => {
    const one = placed(runOn(seen([6]), { margin: mebibytes(512) })).counts
    const two = placed(runOn(seen([6]), { margin: mebibytes(512), deviceMargins: [gibibytes(2)] })).counts
    expect([one, two]).toEqual([
      [0, 33],
      [8, 25],
    ])
  })

  it('with room for a projector and its buffers', () => {
    const { counts, steps } = placed(runOn(seen([7])), { projectorBytes: mebibytes(812.5) })
    expect(steps.at(-1)).toMatchObject({ code: 'fitted', margins: [mebibytes(1024 + 813 + 1024)] })
    expect(counts).toEqual([6, 27])
  })

  it('with the layers that num_gpu sets, by what is free', () => {
    const { counts, steps } = placed(runOn(seen([4, 2])), { numGpu: 30 })
    expect([counts, steps.at(-1)]).toEqual([[3, 20, 10], { code: 'layers-set', layers: 30, layerCount: 33 }])
  })

  it.each([
    ['num_gpu 0', seen([24]), { numGpu: 0 }],
    ['no GPU', [], {}],
  ] as const)('on the host with %s', (_, devices, options) => {
    const { choice, steps } = placed(runOn(devices), options)
    expect([new Set(choice.layout.layers), steps.at(-1)]).toEqual([new Set([HOST]), { code: 'host-only' }])
  })

  it('without flash attention on cards that have no kernels for it, unless it was asked for', () => {
    const [old] = machineOf([{ gib: 24, architecture: '5.2' }]).devices
    const devices = [{ device: old!, free: gibibytes(24) }]
    const modes = (['auto', 'on', 'off'] as const).map(
      (flashAttention) => placed(runOn(devices, { flashAttention })).choice.settings.flashAttention,
    )
    expect(modes).toEqual(['off', 'on', 'off'])
  })
})

describe('left alone', () => {
  it.each([
    [[8], 4096, 1024],
    [[24], 32_768, 2048],
    // 262,144 a slot is more than the model was trained for; 36.2 GiB are more than 75 % of the card.
    [[48], 131_072, 512],
    [[24, 24, 24, 24], 131_072, 2048],
  ])('on %j it takes %d tokens a slot and a batch of %d', (gibs, numCtx, batch) => {
    const { settings } = placed(leftAlone(runOn(seen(gibs), { parallel: 2 }))).choice
    expect([settings.contextLength, settings.batchSize, settings.ubatchSize]).toEqual([2 * numCtx, batch, batch])
  })
})

describe('every step is a sentence with its numbers', () => {
  const machine = machineOf([{ gib: 24, architecture: '7.2' }, { gib: 24 }])
  const devices = machine.devices.map((device): SeenDevice => ({ device, free: gibibytes(23.5) }))
  const told = (run: OpenRun, options?: OllamaOptions): readonly string[] =>
    placeRun(run, options).steps.map((step) => explainOllamaStep(step, machine))

  it('for 42 GB on two cards of 24 GiB', () => {
    expect(told(runOn(devices, {}, llama33))).toEqual([
      'card of 24 GiB has no kernels for flash attention, so it is turned off.',
      "Ollama predicts 42.09 GiB: the file's 39.59 GiB and a cache of 2.50 GiB (2 × 80 blocks × 8 KV heads × 128 × 8,192 tokens × 2 bytes).",
      "42.09 GiB is more than 80 % of any GPU's free memory (18.80 GiB at most), so it is given to 2 GPUs with 47.00 GiB free together.",
      "llama-server's own fit, told to leave 1.00 GiB, 1.00 GiB free, puts 81 of 81 layers on the GPUs.",
    ])
  })

  it('for a run that is left alone', () => {
    expect(told(leftAlone(runOn(devices, { flashAttention: 'on' })))).toEqual([
      'GPUs of 48.00 GiB in all are given a context of 262,144 tokens a slot, of which the model was trained for 131,072.',
      "Ollama predicts 20.21 GiB: the file's 4.21 GiB and a cache of 16.00 GiB (2 × 32 blocks × 8 KV heads × 128 × 131,072 tokens × 2 bytes).",
      "20.21 GiB is more than 80 % of any GPU's free memory (18.80 GiB at most), so it is given to 2 GPUs with 47.00 GiB free together.",
      'It chooses a batch of 2,048 tokens, computed in one pass.',
      "llama-server's own fit, told to leave 1.00 GiB, 1.00 GiB free, puts 33 of 33 layers on the GPUs.",
    ])
  })

  it.each<readonly [OpenRun, OllamaOptions, readonly string[]]>([
    [
      runOn(devices.slice(1)),
      { numGpu: 20 },
      [
        'There is one GPU to choose from.',
        "num_gpu puts 20 of 33 layers on the GPUs; llama-server's fit then changes nothing.",
      ],
    ],
    [runOn([]), {}, ['Ollama finds no GPU.', 'All layers stay with the processor.']],
    [
      runOn(seen([24, 12])),
      { numGpu: 0 },
      [
        'That is within 80 % of what one GPU has free, so it is given to a single one of 2, with 24.00 GiB free.',
        'All layers stay with the processor.',
      ],
    ],
    [
      runOn(seen([24, 24])),
      { spread: true, numGpu: 0 },
      [
        'It is told to spread models (19.20 GiB at most), so it is given to 2 GPUs with 48.00 GiB free together.',
        'All layers stay with the processor.',
      ],
    ],
  ])('and where it chooses otherwise: %#', (run, options, sentences) => {
    expect(told(run, options).slice(1)).toEqual(sentences)
  })
})
