import {
  describeModel,
  engines,
  estimateSpeed,
  gibibytes,
  judge,
  type LayerSplit,
  type Machine,
  machineId,
  type Model,
  requestDefaults,
  type RunRequest,
  type SpeedEstimate,
  tokens,
} from '@berth/core'
import { describe, expect, it } from 'vitest'
import { catalogueHeader } from './catalogue-model.ts'
import { deviceFromCatalogue } from './gpus/device.ts'
import { catalogueGpus } from './gpus/gpus.ts'
import { findCatalogueModel } from './models/models.ts'

/**
 * Tokens a second that others measured and published (docs/sources.md names the pages); every one must lie within the
 * estimated range. The context is what the test filled: its prompt, or its depth and what it generated.
 */
interface Published {
  readonly gpu: string
  readonly count?: number
  readonly model: string
  readonly mix: string
  readonly context: number
  readonly ubatch?: number
  readonly prompt?: number
  readonly generation?: number
  /** Slots that generated at once; `generation` is then all of theirs. */
  readonly slots?: number
  /** GB/s of the host's memory, its logical processors, and what lay there. */
  readonly host?: readonly [gigabytes: number, cores: number]
  readonly hostBlocks?: number
  readonly expertsOnHost?: number
  readonly tensor?: true
  /** Measured before flash attention became the default. */
  readonly old?: true
}

const gptOss20b = { model: 'gpt-oss-20b', mix: 'MXFP4_MOE' } as const
const gptOss120b = { model: 'gpt-oss-120b', mix: 'MXFP4_MOE' } as const
const llama8b = { model: 'llama-3-8b', mix: 'Q4_K_M' } as const
const llama70b = { model: 'llama-3-70b', mix: 'Q4_K_M' } as const
const qwen30b = { model: 'qwen3-coder-30b-a3b', mix: 'Q8_0' } as const
const qwen7b = { model: 'qwen2.5-coder-7b', mix: 'Q8_0' } as const
const gemma4b = { model: 'gemma-3-4b', mix: 'Q4_0' } as const
const maxQ = 'NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition'

/** llama.cpp's own benches/: prompts of 2,048 in one ubatch, 32 tokens generated at the depth. February 2026. */
const bench = { ubatch: 2048, context: 2048 } as const
const dgxSpark: readonly Published[] = [
  { gpu: 'NVIDIA GB10', ...gptOss20b, ...bench, prompt: 4505.82, generation: 83.43 },
  { gpu: 'NVIDIA GB10', ...gptOss120b, ...bench, prompt: 2443.91, generation: 58.72 },
  { gpu: 'NVIDIA GB10', ...qwen30b, ...bench, prompt: 2986.97, generation: 61.06 },
  { gpu: 'NVIDIA GB10', ...qwen7b, ...bench, prompt: 2250.28, generation: 29.43 },
  { gpu: 'NVIDIA GB10', ...gemma4b, ...bench, prompt: 5948.74, generation: 81.05 },
  { gpu: 'NVIDIA GB10', ...gptOss20b, ...bench, context: 32768, generation: 61.65 },
  { gpu: 'NVIDIA GB10', ...qwen30b, ...bench, context: 32768, generation: 30.21 },
  { gpu: 'NVIDIA GB10', ...gptOss20b, ...bench, context: 2176, slots: 4, generation: 156.03 },
  { gpu: 'NVIDIA GB10', ...gptOss20b, ...bench, context: 4352, slots: 8, generation: 271.79 },
  { gpu: 'NVIDIA GB10', ...gptOss20b, ...bench, context: 17408, slots: 32, generation: 681.49 },
  { gpu: 'NVIDIA GB10', ...qwen30b, ...bench, context: 17408, slots: 32, generation: 346.53 },
]

const m2Ultra: readonly Published[] = [
  { gpu: 'Apple M2 Ultra', ...gptOss20b, ...bench, prompt: 2713.4, generation: 129.97 },
  { gpu: 'Apple M2 Ultra', ...gptOss120b, ...bench, prompt: 1648.69, generation: 85.6 },
  { gpu: 'Apple M2 Ultra', ...qwen30b, ...bench, prompt: 2453.11, generation: 78.97 },
  { gpu: 'Apple M2 Ultra', ...qwen7b, ...bench, prompt: 1565.91, generation: 79.68 },
  { gpu: 'Apple M2 Ultra', ...gemma4b, ...bench, prompt: 2923.59, generation: 134.28 },
  { gpu: 'Apple M2 Ultra', ...qwen30b, ...bench, context: 32768, generation: 45.26 },
  { gpu: 'Apple M2 Ultra', ...qwen30b, ...bench, context: 4352, slots: 8, generation: 192.48 },
]

/** Prompts of 512 and 512 tokens generated, May 2024. */
const may2024 = { context: 512, old: true } as const
const cards2024: readonly Published[] = [
  { gpu: 'NVIDIA GeForce RTX 3070', ...llama8b, ...may2024, prompt: 2402.51, generation: 72.79 },
  { gpu: 'NVIDIA GeForce RTX 3080', ...llama8b, ...may2024, prompt: 3728.86, generation: 109.57 },
  { gpu: 'NVIDIA GeForce RTX 3080 Ti', ...llama8b, ...may2024, prompt: 3690.3, generation: 110.6 },
  { gpu: 'NVIDIA GeForce RTX 4070 Ti', ...llama8b, ...may2024, prompt: 3936.29, generation: 83.5 },
  { gpu: 'NVIDIA GeForce RTX 4080', ...llama8b, ...may2024, prompt: 5389.74, generation: 108.15 },
  { gpu: 'NVIDIA GeForce RTX 3090', ...llama8b, ...may2024, prompt: 4030.4, generation: 115.42 },
  { gpu: 'NVIDIA GeForce RTX 3090', ...llama8b, ...may2024, mix: 'F16', prompt: 4444.65, generation: 47.4 },
  { gpu: 'NVIDIA GeForce RTX 4090', ...llama8b, ...may2024, prompt: 7138.99, generation: 130.58 },
  { gpu: 'NVIDIA GeForce RTX 4090', ...llama8b, ...may2024, mix: 'F16', prompt: 9382, generation: 54.84 },
  { gpu: 'NVIDIA GeForce RTX 3090', count: 2, ...llama70b, ...may2024, prompt: 357.32, generation: 16.57 },
  { gpu: 'NVIDIA GeForce RTX 4090', count: 2, ...llama70b, ...may2024, prompt: 839.43, generation: 19.22 },
  { gpu: 'NVIDIA GeForce RTX 4090', count: 2, ...llama70b, ...may2024, context: 4096, prompt: 846.38 },
  { gpu: 'NVIDIA GeForce RTX 4090', count: 4, ...llama8b, ...may2024, context: 4096, prompt: 12491.1 },
  { gpu: 'NVIDIA GeForce RTX 3090', count: 6, ...llama70b, ...may2024, mix: 'F16', generation: 5.85 },
  { gpu: 'Apple M2 Ultra', ...llama70b, ...may2024, prompt: 118.79, generation: 12.48 },
  { gpu: 'Apple M3 Max', ...llama8b, ...may2024, prompt: 693.32, generation: 48.97 },
]

/** Single results of pull requests and issues, 2024 to 2026. */
const results: readonly Published[] = [
  { gpu: 'NVIDIA GeForce RTX 4090', model: 'llama-3.1-8b', mix: 'Q4_0', context: 512, prompt: 10358.75 },
  { gpu: 'NVIDIA GeForce RTX 3090', model: 'llama-3.1-8b', mix: 'Q4_0', context: 512, generation: 156.56 },
  { gpu: 'NVIDIA GeForce RTX 3090', model: 'llama-3.1-8b', mix: 'Q6_K', context: 2048, prompt: 3491.2 },
  { gpu: 'NVIDIA GeForce RTX 4090', model: 'qwen3-30b-a3b', mix: 'Q4_0', context: 4096, generation: 205.87 },
  { gpu: 'NVIDIA GeForce RTX 4090', ...gptOss20b, context: 4096, ubatch: 1024, prompt: 11094.1 },
  { gpu: 'NVIDIA GeForce RTX 4090', count: 4, ...gptOss120b, context: 512, prompt: 3822.24, generation: 180.36 },
  { gpu: 'NVIDIA GeForce RTX 4090', count: 4, ...gptOss120b, context: 8192, prompt: 4675.65 },
  {
    gpu: 'NVIDIA GeForce RTX 4090',
    count: 4,
    ...gptOss120b,
    context: 512,
    tensor: true,
    prompt: 5446.21,
    generation: 179.79,
  },
  {
    gpu: 'NVIDIA GeForce RTX 4090',
    count: 4,
    model: 'llama-3.2-1b',
    mix: 'F16',
    context: 512,
    prompt: 44766.52,
    generation: 314.75,
  },
  {
    gpu: 'NVIDIA GeForce RTX 4090',
    count: 4,
    model: 'llama-3.2-1b',
    mix: 'F16',
    context: 512,
    tensor: true,
    prompt: 18753.39,
    generation: 409.87,
  },
  { gpu: 'NVIDIA GeForce RTX 5060 Ti', count: 2, model: 'qwen3.8-27b', mix: 'Q4_K_M', context: 1024, generation: 22.1 },
  {
    gpu: 'NVIDIA GeForce RTX 5060 Ti',
    count: 2,
    model: 'qwen3.8-27b',
    mix: 'Q4_K_M',
    context: 1024,
    tensor: true,
    generation: 37.1,
  },
  { gpu: maxQ, model: 'qwen3.5-27b', mix: 'Q8_0', context: 2048, ubatch: 2048, prompt: 3203.11, generation: 48.64 },
  { gpu: maxQ, model: 'qwen3.5-27b', mix: 'Q8_0', context: 131072, ubatch: 2048, prompt: 1746.49, generation: 37.15 },
  { gpu: 'NVIDIA GeForce RTX 2080', model: 'llama-3.1-8b', mix: 'Q4_K_M', context: 256, generation: 71.9 },
  { gpu: 'NVIDIA GeForce RTX 2080 Ti', model: 'llama-2-13b', mix: 'Q4_K_M', context: 512, prompt: 1493.64 },
  { gpu: 'Tesla V100-PCIE-32GB', model: 'llama-3.1-8b', mix: 'Q5_K_M', context: 512, prompt: 3326.19 },
  { gpu: 'Tesla P40', model: 'llama-2-7b', mix: 'Q4_0', context: 512, prompt: 934.74, generation: 56.29, old: true },
  {
    gpu: 'AMD Radeon RX 7900 XTX',
    model: 'llama-3.1-8b',
    mix: 'Q4_K_M',
    context: 2048,
    prompt: 3226.54,
    generation: 105.81,
  },
  {
    gpu: 'AMD Radeon PRO W7800',
    model: 'qwen3-30b-a3b',
    mix: 'Q4_K_M',
    context: 512,
    prompt: 3185.67,
    generation: 121.88,
  },
  { gpu: 'AMD Radeon AI PRO R9700', model: 'llama-3.1-8b', mix: 'Q3_K_M', context: 512, generation: 105 },
  { gpu: 'AMD Radeon RX 9060 XT', model: 'llama-3.2-1b', mix: 'Q4_0', context: 1024, ubatch: 64, prompt: 5354 },
  { gpu: 'AMD Radeon 8060S', ...gptOss120b, ...bench, prompt: 998.24, generation: 47.41 },
  { gpu: 'AMD Instinct MI50 32GB', model: 'llama-3.1-8b', mix: 'Q4_0', context: 32768, generation: 64.4 },
  {
    gpu: 'Intel(R) Arc(TM) B580 Graphics',
    model: 'qwen2.5-7b',
    mix: 'Q4_K_M',
    context: 512,
    prompt: 2335.96,
    generation: 66.48,
  },
  {
    gpu: 'Intel(R) Arc(TM) Pro B70 Graphics',
    model: 'gemma-4-31b',
    mix: 'Q4_K_M',
    context: 512,
    prompt: 759.09,
    generation: 18.08,
  },
  { gpu: 'Apple M1 Max', model: 'llama-3.1-8b', mix: 'Q4_K_M', context: 512, prompt: 499.58, generation: 46.2 },
  { gpu: 'Apple M4', model: 'llama-3.1-8b', mix: 'Q4_K_M', context: 512, prompt: 224.81, generation: 20.87 },
]

const ofManyGpus = [
  gptOss20b,
  ...['qwen3.6-27b', 'gemma-4-31b', 'qwen3.6-35b-a3b'].map((model) => ({ model, mix: 'Q4_K_M' })),
]
/** One page that ran the same files on many GPUs, generation only, June 2026. */
const manyGpus: readonly Published[] = [
  ['Tesla P100-PCIE-16GB', 65],
  ['Tesla V100-PCIE-32GB', 138, 31, 28, 92],
  ['NVIDIA A100-PCIE-40GB', 180, 41, 37, 120],
  ['NVIDIA A100-SXM4-80GB', 189, 46, 43, 128],
  ['NVIDIA GeForce RTX 4090', 266, 47, 35, 180],
  ['NVIDIA H100 80GB HBM3', 286, 74, 68, 194],
  ['NVIDIA H200 NVL', 276, 71, 65, 189],
  ['NVIDIA H200', 292, 76, 71, 204],
  ['NVIDIA B300 SXM6 AC', 327, 82, 75, 210],
].flatMap(([gpu, ...speeds]): readonly Published[] =>
  speeds.map((generation, at) => ({
    gpu: String(gpu),
    ...ofManyGpus[at]!,
    context: 1024,
    generation: Number(generation),
  })),
)

/** Part of the model in host memory, or all of it. */
const rtx2080 = { gpu: 'NVIDIA GeForce RTX 2080', context: 4096, host: [93.9, 20] } as const
const withHost: readonly Published[] = [
  { ...rtx2080, model: 'qwen3-30b-a3b-2507', mix: 'Q4_K_M', expertsOnHost: 36, generation: 36.7 },
  { ...rtx2080, ...gptOss20b, expertsOnHost: 12, generation: 36.4 },
  { ...rtx2080, model: 'deepseek-coder-v2-lite', mix: 'Q4_K_M', expertsOnHost: 16, generation: 49.6 },
  { ...rtx2080, model: 'mistral-small-24b', mix: 'Q4_K_M', hostBlocks: 25, generation: 5.2 },
  { ...rtx2080, model: 'qwen2.5-14b', mix: 'Q4_K_M', hostBlocks: 7, generation: 20.8 },
  { ...rtx2080, model: 'gemma-2-9b', mix: 'Q4_K_M', hostBlocks: 7, generation: 23.7 },
  { gpu: '', model: 'llama-3.1-8b', mix: 'Q4_K_M', context: 512, host: [42.7, 6], prompt: 35.43, generation: 6.51 },
  { gpu: '', model: 'qwen2.5-coder-32b', mix: 'Q4_K_M', context: 512, host: [89.6, 24], generation: 3.54 },
]

const models = new Map<string, Model>()

function modelOf({ model, mix }: Published): Model {
  const known = models.get(`${model} ${mix}`)
  if (known) return known
  const entry = findCatalogueModel(model)!
  const described = describeModel(
    catalogueHeader(
      entry,
      entry.mixes.find((one) => one === mix)!,
    ),
  )
  if (!described.ok) throw new Error(described.issue.code)
  models.set(`${model} ${mix}`, described.value)
  return described.value
}

function machineOf({ gpu, count = gpu === '' ? 0 : 1, host }: Published): Machine {
  const id = machineId('m')
  const entry = catalogueGpus.find(({ name }) => name === gpu)
  return {
    id,
    name: 'm',
    hostMemoryTotal: gibibytes(512),
    ...(host && { hostMemoryBandwidthBytesPerSecond: host[0] * 1e9, cpuCores: host[1] }),
    devices: Array.from({ length: count }, (_, index) => deviceFromCatalogue(entry!, index, id)),
    links: [],
  }
}

/** Layers in equal parts over the devices, as `-ngl 99` without `-ts` splits them on equal cards. */
function splitOf({ hostBlocks = 0, expertsOnHost = 0, tensor }: Published, model: Model, machine: Machine): LayerSplit {
  const { length } = machine.devices
  const layers = model.blockCount + 1 - hostBlocks
  const upTo = (index: number): number => Math.ceil((index * layers) / length)
  const devices = machine.devices.map(({ id }, index) => ({ device: id, layers: upTo(index + 1) - upTo(index) }))
  return {
    devices,
    hostBlocks: length === 0 ? model.blockCount : hostBlocks,
    expertsOnHost,
    overrides: [],
    ...(tensor && { tensor }),
  }
}

function estimateOf(published: Published): SpeedEstimate {
  const { context, ubatch = 512, slots = 1, old, tensor } = published
  const model = modelOf(published)
  const machine = machineOf(published)
  const request: RunRequest = {
    ...requestDefaults,
    contextLength: tokens(context),
    parallel: slots,
    ubatchSize: tokens(ubatch),
    flashAttention: old ? 'off' : 'on',
    splitMode: tensor ? 'tensor' : 'layer',
  }
  const { placement } = judge({
    model,
    machine,
    engine: engines['llama.cpp'],
    request,
    split: splitOf(published, model, machine),
  })
  if (!placement) throw new Error(`${published.gpu} cannot be judged`)
  return estimateSpeed({ placement, model, machine })
}

const title = (one: Published): string =>
  [
    `${one.count ?? 1} x ${one.gpu || 'processor'}${one.tensor ? ' side by side' : ''}`,
    `${one.model} ${one.mix}`,
    ...(one.hostBlocks ? [`${one.hostBlocks} blocks on the host`] : []),
    ...(one.expertsOnHost ? [`experts of ${one.expertsOnHost} blocks on the host`] : []),
    ...(one.slots ? [`${one.slots} slots`] : []),
    `context ${one.context}`,
  ].join(', ')

describe.each([
  ['DGX Spark', dgxSpark],
  ['M2 Ultra', m2Ultra],
  ['cards of 2024', cards2024],
  ['single results', results],
  ['many GPUs', manyGpus],
  ['with the host', withHost],
])('%s', (_, published) => {
  it.each(published.map((one) => [title(one), one] as const))('%s', (_, one) => {
    const { prompt, generation } = estimateOf(one)
    const generated = one.slots ? generation.allSlots : generation.oneSlot
    if (one.prompt !== undefined) {
      expect(one.prompt).toBeGreaterThanOrEqual(prompt.low)
      expect(one.prompt).toBeLessThanOrEqual(prompt.high)
    }
    if (one.generation !== undefined) {
      expect(one.generation).toBeGreaterThanOrEqual(generated.low)
      expect(one.generation).toBeLessThanOrEqual(generated.high)
    }
  })
})

describe('a range says something', () => {
  const whole = [...dgxSpark, ...cards2024, ...results].filter(
    ({ count, slots, context }) => !count && !slots && context <= 4096,
  )

  it.each(whole.map((one) => [title(one), one] as const))('%s', (_, one) => {
    const { prompt, generation } = estimateOf(one)
    expect(prompt.high / prompt.low).toBeLessThan(4.2)
    expect(generation.oneSlot.high / generation.oneSlot.low).toBeLessThan(2.6)
  })
})
