import {
  describeModel,
  engines,
  estimateMemory,
  type Mix,
  type Model,
  type ReplayMemo,
  requestDefaults,
  tokens,
} from '@berth/core'
import { expect, it } from 'vitest'
import { type CatalogueModel, catalogueHeader, catalogueModels } from './index.ts'

const request = { ...requestDefaults, contextLength: tokens(8192), parallel: 2 }

function modelOf(entry: CatalogueModel, mix: Mix): Model {
  const described = describeModel(catalogueHeader(entry, mix))
  if (!described.ok) throw new Error(`${entry.id}: ${described.issue.code}`)
  return described.value
}

function memoryOf(model: Model, deviceCount: number, replays?: ReplayMemo) {
  const layers = Array.from({ length: model.blockCount + 1 }, (_, at) =>
    Math.floor((at * deviceCount) / (model.blockCount + 1)),
  )
  const splitMode = deviceCount > 1 ? ('layer' as const) : ('none' as const)
  const settings = { ...engines['llama.cpp'].settings(request, model), splitMode }
  const layout = { splitMode, deviceCount, layers, overrides: [] }
  return estimateMemory({ model, settings, layout, ...(replays && { replays }) })
}

/** The first, a middle and the last of its mixes: F16 or BF16, and the least bits. */
const someMixes = ({ mixes }: CatalogueModel): readonly Mix[] => [
  ...new Set([mixes[0]!, mixes[Math.floor(mixes.length / 2)]!, mixes.at(-1)!]),
]

it('what is replayed for one file of a model is what each of its files replays', () => {
  let shared = 0
  for (const entry of catalogueModels.filter((_, at) => at % 4 === 0)) {
    const replays: ReplayMemo = new Map()
    const models = someMixes(entry).map((mix) => modelOf(entry, mix))
    for (const model of models) {
      for (const devices of [1, 3]) {
        expect(memoryOf(model, devices, replays), `${entry.id} on ${devices}`).toEqual(memoryOf(model, devices))
      }
    }
    shared += 2 * models.length - replays.size
  }
  expect(shared).toBeGreaterThan(20)
})
