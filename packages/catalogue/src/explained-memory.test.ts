import { describeModel, engines, explainModelMemory, requestDefaults, tokens } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { type CatalogueModel, catalogueHeader } from './catalogue-model.ts'
import { catalogueModels } from './models/models.ts'

/** One model of every architecture: windows, latents, states and experts in all their mixtures. */
const oneEach = [
  ...new Map(catalogueModels.map((model) => [model.headerF16().metadata['general.architecture'], model])),
] as [string, CatalogueModel][]

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

describe('the memory of catalogue models', () => {
  it.each(oneEach)('%s: every formula adds up to its figure', (_, model) => {
    const described = describeModel(catalogueHeader(model, model.mixes.at(-1)!))
    if (!described.ok) throw new Error(described.issue.code)
    const request = { ...requestDefaults, contextLength: tokens(10_000) }
    const answer = explainModelMemory({
      model: described.value,
      engine: engines['llama.cpp'],
      request,
      capability: '8.6',
    })
    if (!answer.ok) throw new Error(answer.issue.join(' '))
    for (const { part, figures, device, host, formula } of answer.value.groups) {
      expect([sum(figures.map((figure) => figure.device)), sum(figures.map((figure) => figure.host))]).toEqual([
        device,
        host,
      ])
      for (const figure of [...figures, ...(formula ? [{ id: part, device, host, ...formula }] : [])]) {
        expect(sum(figure.lines.map(({ bytes = 0 }) => bytes)), figure.id).toBe(figure.device + figure.host)
        expect(figure.lines.filter(({ bytes = 0 }) => bytes < 0 && figure.id !== 'model')).toEqual([])
      }
    }
  })
})
