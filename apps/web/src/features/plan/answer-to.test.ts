import { catalogueHeader, findCatalogueModel, sampleLab } from '@berth/catalogue'
import {
  engineAlone,
  engines,
  estimateSpeed,
  exl2Engines,
  explainPlacement,
  isExl2Model,
  machineId,
  plan,
  planModel,
  requestDefaults,
  solve,
  tokens,
} from '@berth/core'
import { describe, expect, it } from 'vitest'
import { answerTo } from './answer-to.ts'
import { folderModel } from './folder-fixture.ts'
import type { Answers } from './judge-messages.ts'
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
if (isExl2Model(model)) throw new Error('it is a file')
const lab = sampleLab()
const machine = lab.find(({ name }) => name === 'lab-04')!
const request = { ...requestDefaults, contextLength: tokens(8192) }
const input = { model, machine, engine: engines['llama.cpp'], request }

/** A folder of two blocks, made of nothing but its sizes. */
const folder = folderModel()

describe('a judge of a folder', () => {
  const wish = { engine: 'exllamav2', request: { ...request, contextLength: tokens(2048) } }

  it('plans, without figures of which there are none', () => {
    const verdict = planModel({ model: folder, machine, engine: exl2Engines.exllamav2, request: wish.request })
    expect(verdict.fits).toBe(true)
    const answer = answerTo({ models: describedModels({ header: folder }), machine, wish: { kind: 'plan', ...wish } })
    expect(answer).toEqual({ verdict, figures: verdict.fits ? [verdict.best, ...verdict.others].map(() => ({})) : [] })
  })

  it('has nothing to say of the engine left alone, and solves for nothing', () => {
    const folders = describedModels({ header: folder })
    expect(answerTo({ models: folders, machine, wish: { kind: 'alone', ...wish } })).toEqual({ account: [] })
    expect(() => answerTo({ models: folders, machine, wish: { kind: 'solve', unknown: 'context', ...wish } })).toThrow(
      'planned, not solved for',
    )
  })

  it('says of a file that the engine does not read it', () => {
    const answer = answerTo({ models, machine, wish: { kind: 'plan', ...wish } })
    expect(answer).toMatchObject({ verdict: { fits: false, reasons: [{ code: 'format-not-readable' }] } })
  })
})

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
    expect(answerTo({ models, machine, wish: { kind: 'alone', engine: 'llama.cpp', request } })).toEqual({
      alone,
      account: [],
    })
  })

  it('says how an engine that places layers itself comes to it, and nothing of it left alone', () => {
    const asked = { engine: 'ollama', request }
    const { figures } = answerTo({ models, machine, wish: { kind: 'plan', ...asked } }) as Answers['plan']
    expect(figures[0]?.account?.[0]).toMatch(/^Ollama predicts /)
    expect(answerTo({ models, machine, wish: { kind: 'alone', ...asked } })).toEqual({ account: [] })
  })

  it('says nothing where the engine sees no device', () => {
    const bare = { ...machine, id: machineId('bare'), devices: [] }
    expect(answerTo({ models, machine: bare, wish: { kind: 'alone', engine: 'llama.cpp', request } })).toEqual({
      account: [],
    })
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
