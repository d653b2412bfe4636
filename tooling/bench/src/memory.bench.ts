import { catalogueHeader, findCatalogueModel } from '@berth/catalogue'
import {
  describeModel,
  estimateMemory,
  estimateStatic,
  layersByFlags,
  type Model,
  type Run,
  requestDefaults,
  tokens,
} from '@berth/core'
import { Bench } from 'tinybench'
import { printRatio, printRecord } from './print-ratio.ts'
import { printRows } from './print-rows.ts'

/** One estimate, compute replay included: the unit that every search is made of. */
function runOn(model: Model, deviceCount: number, gpuLayers = -1): Run {
  const layerCount = model.blockCount + 1
  const shares = Array.from({ length: deviceCount }, () => 1)
  return {
    model,
    settings: {
      ...requestDefaults,
      contextLength: tokens(16_384),
      flashAttention: 'on',
      outputsMax: 1,
      pipelineAllowed: true,
    },
    layout: {
      splitMode: 'layer',
      deviceCount,
      layers: layersByFlags({ layerCount, gpuLayers, shares, deviceCount }),
      overrides: [],
    },
  }
}

/** The same model cut to its first blocks: the work that a folded replay cannot avoid. */
function modelNamed(id: string, blocks?: number): Model {
  const found = findCatalogueModel(id)
  if (!found) throw new Error(`the catalogue has no ${id}`)
  const header = catalogueHeader(found, found.mixes.includes('Q4_K_M') ? 'Q4_K_M' : found.mixes[0]!)
  const architecture = String(header.metadata['general.architecture'])
  const described = describeModel({
    ...header,
    metadata: { ...header.metadata, ...(blocks === undefined ? {} : { [`${architecture}.block_count`]: blocks }) },
  })
  if (!described.ok) throw new Error(`${id}: ${described.issue.code}`)
  return described.value
}

const estimate = 'estimate a 70B on 4 GPUs'
const bench = new Bench({ time: 600, warmupTime: 400 })
const seventyB = modelNamed('llama-3.3-70b')
const twenty = modelNamed('llama-3.3-70b', 20)
bench.add(estimate, () => estimateMemory(runOn(seventyB, 4)))
bench.add('estimate 20 blocks of it on 4 GPUs', () => estimateMemory(runOn(twenty, 4)))
bench.add('weights and context of a 70B on 4 GPUs', () => estimateStatic(runOn(seventyB, 4)))
bench.add('estimate a 70B on 2 GPUs and the host', () => estimateMemory(runOn(seventyB, 2, 60)))
for (const id of ['qwen3-30b-a3b', 'deepseek-r1-671b', 'gpt-oss-120b']) {
  const model = modelNamed(id)
  bench.add(`estimate ${id} on 4 GPUs`, () => estimateMemory(runOn(model, 4)))
}

await bench.run()
printRows(bench)
printRatio(bench, {
  of: estimate,
  to: 'estimate 20 blocks of it on 4 GPUs',
  meaning: '80 blocks against 20: 4 if every block were replayed, near 1 as identical blocks are replayed once',
})
printRecord(bench, { of: estimate, peer: 'gguf-parser-go, which estimates by formula', milliseconds: [0.7, 1.4] })
printRecord(bench, { of: estimate, peer: 'node-llama-cpp, which loads the library', milliseconds: [500, 1300] })
