import { catalogueHeader, findCatalogueModel, sampleLab } from '@berth/catalogue'
import {
  type Alternative,
  describeModel,
  engines,
  isExl2Model,
  judge,
  type LayerSplit,
  plan,
  requestDefaults,
  tokens,
} from '@berth/core'
import { expect, it } from 'vitest'
import { describeSubject } from './subject-models.ts'
import { countsOf, splitOf } from './hand-split.ts'
import { verdictOf } from './verdict-of.ts'

const llama = findCatalogueModel('llama-3-8b')!
const subject = {
  header: catalogueHeader(llama, 'Q4_K_M'),
  other: catalogueHeader(llama, 'Q8_0'),
  mixes: { base: catalogueHeader(llama, 'F16'), names: llama.mixes },
}
const described = describeSubject(subject)
if (!described.ok) throw new Error('the catalogue is broken')
const models = described.value
const { model } = models
if (isExl2Model(model)) throw new Error('it is a file')
const machine = sampleLab().find(({ devices }) => devices.length > 1)!
const request = { ...requestDefaults, contextLength: tokens(8192) }
const engine = engines['llama.cpp']
const planned = plan({ model, machine, engine, request })

it('plans where no split is asked for', () => {
  expect(verdictOf({ models, machine, wish: { kind: 'plan', engine: 'llama.cpp', request } })).toEqual(planned)
})

it('judges a split that is asked for as core does, and offers no other', () => {
  if (!planned.fits) throw new Error('it fits')
  const [host, first, ...rest] = countsOf(planned.best.split, machine)
  const split: LayerSplit = splitOf([host! + 5, first! - 5, ...rest], planned.best.split, machine)
  const { placement } = judge({ model, machine, engine, request, split })
  expect(placement?.split.hostBlocks).toBe(host! + 5)
  expect(verdictOf({ models, machine, wish: { kind: 'plan', engine: 'llama.cpp', request, split } })).toEqual({
    fits: true,
    best: placement,
    others: [],
  })
})

it('keeps what is counted of a split that does not fit, with every reason', () => {
  if (!planned.fits) throw new Error('it fits')
  const long = { ...request, contextLength: tokens(4_194_304) }
  const { split } = planned.best
  const { placement, reasons } = judge({ model, machine, engine, request: long, split })
  expect(reasons.length).toBeGreaterThan(0)
  expect(verdictOf({ models, machine, wish: { kind: 'plan', engine: 'llama.cpp', request: long, split } })).toEqual({
    fits: false,
    reasons,
    nearest: placement,
    remedies: [],
  })
})

it('says so of one that does not cover the model, without a placement', () => {
  if (!planned.fits) throw new Error('it fits')
  const split = { ...planned.best.split, hostBlocks: 1 }
  expect(verdictOf({ models, machine, wish: { kind: 'plan', engine: 'llama.cpp', request, split } })).toEqual({
    fits: false,
    reasons: [{ code: 'split-does-not-cover-layers', layers: 34, expected: 33 }],
    remedies: [],
  })
})

it('leaves room for the other model where that is the objective', () => {
  const other = { model: models.other!, engine, request }
  const preference = 'room-for-another'
  expect(verdictOf({ models, machine, wish: { kind: 'plan', engine: 'llama.cpp', request, preference } })).toEqual(
    plan({ model, machine, engine, request, preference, other }),
  )
}, 30_000)

it('knows the other mixes as the catalogue has them', () => {
  const sizeOf = ({ name, model: { weightBytes } }: Alternative) => [name, weightBytes]
  const expected = llama.mixes.map((name) => {
    const one = describeModel(catalogueHeader(llama, name))
    if (!one.ok) throw new Error('the catalogue is broken')
    return { name, model: one.value }
  })
  expect(models.alternatives().map(sizeOf)).toEqual(expected.map(sizeOf))
  expect(models.alternatives()).toBe(models.alternatives())
}, 30_000)
