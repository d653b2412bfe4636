import { catalogueHeader, findCatalogueModel, sampleLab } from '@berth/catalogue'
import {
  engineAlone,
  engines,
  estimateSpeed,
  explainPlacement,
  machineId,
  plan,
  requestDefaults,
  solve,
  tokens,
} from '@berth/core'
import { describe, expect, it } from 'vitest'
import { answerTo } from './answer-to.ts'
import { describeSubject } from './subject-models.ts'

const llama = findCatalogueModel('llama-3.1-8b')!
const header = catalogueHeader(llama, 'Q4_K_M')
const describedModels = (subject: Parameters<typeof describeSubject>[0]) => {
  const described = describeSubject(subject)
  if (!described.ok) throw new Error('the catalogue is broken')
  return described.value
}
const models = describedModels({ header, mixes: { base: catalogueHeader(llama, 'F16'), names: llama.mixes } })
const { model } = models
const lab = sampleLab()
const machine = lab.find(({ name }) => name === 'lab-04')!
const request = { ...requestDefaults, contextLength: tokens(8192) }
const input = { model, machine, engine: engines['llama.cpp'], request }

describe('a judge', () => {
  it('plans, with figures and the speed of each offer', () => {
    const verdict = plan(input)
    if (!verdict.fits) throw new Error('it fits')
    const answer = answerTo({ models, machine, wish: { kind: 'plan', engine: 'llama.cpp', request } })
    const figures = [verdict.best, ...verdict.others].map((placement) => ({
      places: explainPlacement({ placement, model, machine }),
      speed: estimateSpeed({ placement, model, machine }),
    }))
    expect(answer).toEqual({ verdict, figures })
  })

  it('says what the engine does left alone', () => {
    const alone = engineAlone(input)
    expect(alone).toBeDefined()
    expect(answerTo({ models, machine, wish: { kind: 'alone', engine: 'llama.cpp', request } })).toEqual({ alone })
  })

  it('says nothing where the engine sees no device', () => {
    const bare = { ...machine, id: machineId('bare'), devices: [] }
    expect(answerTo({ models, machine: bare, wish: { kind: 'alone', engine: 'llama.cpp', request } })).toEqual({})
  })

  it.each(['context', 'slots', 'cache-type'] as const)('solves for %s as core does', (unknown) => {
    const solution = solve({ ...input, unknown })
    expect(solution.solved).toBe(true)
    expect(answerTo({ models, machine, wish: { kind: 'solve', engine: 'llama.cpp', request, unknown } })).toEqual({
      solution,
    })
  })

  it('chooses of the mixes that the model is offered in, by what they lose', () => {
    const answer = answerTo({ models, machine, wish: { kind: 'solve', engine: 'llama.cpp', request, unknown: 'mix' } })
    expect(answer).toMatchObject({
      solution: {
        solved: true,
        value: { unknown: 'mix', candidate: 'Q8_0' },
        bound: { code: 'next-does-not-fit', value: { candidate: 'F16' } },
      },
    })
  })

  it('has only the model itself to choose where there are no others', () => {
    const only = describedModels({ header })
    expect(
      answerTo({ models: only, machine, wish: { kind: 'solve', engine: 'llama.cpp', request, unknown: 'mix' } }),
    ).toMatchObject({
      solution: { solved: true, value: { candidate: model.name }, bound: { code: 'best-offered' } },
    })
  })
})
