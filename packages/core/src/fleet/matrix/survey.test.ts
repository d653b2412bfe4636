import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engines } from '../../engines/index.ts'
import type { Machine } from '../../machine/machine.ts'
import { requestDefaults } from '../../memory/settings.ts'
import type { Model } from '../../model/model.ts'
import { decide } from '../../placement/decide.ts'
import { type CardShape, llama70b, llama8b, llamaModel, machineOf, mixture } from '../../placement/fixtures.ts'
import { plan } from '../../placement/plan.ts'
import { needsHost, tightestHeadroom } from '../../placement/rank.ts'
import { bytes, gibibytes, tokens } from '../../units.ts'
import { distinctHardware } from './hardware.ts'
import { survey, type SurveyCell, type SurveyInput } from './survey.ts'

const engine = engines['llama.cpp']
const request = { ...requestDefaults, contextLength: tokens(8192) }
const small = llamaModel(llama8b)
const large = llamaModel(llama70b)
const experts = llamaModel(mixture)
const files = { small, large, experts }

function cells(models: readonly Model[], machines: readonly Machine[], changes: Partial<SurveyInput> = {}) {
  const distinct = distinctHardware(machines).map(({ machine }) => machine)
  return [...survey({ models, machines: distinct, engine, request, mayPlan: () => false, ...changes })]
}

const cell = (model: Model, machine: Machine, changes?: Partial<SurveyInput>): SurveyCell =>
  cells([model], [machine], changes)[0]![0]!

/** What a plan says of the same, without what would change a no. */
function verdictOf(model: Model, machine: Machine): 'fits' | 'host' | 'no' {
  const decision = decide({ model, machine, engine, request }, { compare: 'answer', mayRelyOnHost: true })
  if (!decision.fits) return 'no'
  return needsHost(decision.accepted[0]!) ? 'host' : 'fits'
}

const cards = (count: number, gib: number, used = 0): readonly CardShape[] =>
  Array.from({ length: count }, () => ({ gib, used }))

describe('a cell', () => {
  it.each([
    ['an 8B on one card', 'small', machineOf(cards(1, 24), 64), 'fits', 'estimated'],
    ['a 70B on two cards of 24 GiB', 'large', machineOf(cards(2, 24), 64), 'fits', 'estimated'],
    ['a 70B on one card, and much RAM', 'large', machineOf(cards(1, 24), 128), 'host', 'estimated'],
    ['a 70B on one card, and RAM that nobody told', 'large', machineOf(cards(1, 24)), 'no', 'cut'],
    ['a 70B where all memory together is too little', 'large', machineOf(cards(1, 12), 16), 'no', 'cut'],
    ['a host that has no room for the process', 'small', machineOf(cards(1, 24), 0.25), 'no', 'cut'],
    ['no card at all', 'small', machineOf([], 64), 'no', 'cut'],
    ['cards that others fill', 'small', machineOf(cards(2, 24, 23), 2), 'no', 'cut'],
  ] as const)('%s: %s', (_, file, machine, verdict, means) => {
    expect(cell(files[file], machine)).toMatchObject({ verdict, means })
  })

  it('has the headroom of the plan, but for its compute buffers', () => {
    const machine = machineOf(cards(4, 24), 64)
    const verdict = plan({ model: large, machine, engine, request })
    if (!verdict.fits) throw new Error('it fits')
    const { headroom } = cell(large, machine)
    expect(Math.abs(headroom! - tightestHeadroom(verdict.best))).toBeLessThan(2 ** 20)
  })

  it('is short by what weights and context lack at least, where it is cut', () => {
    const machine = machineOf(cards(2, 8))
    const { headroom } = cell(large, machine)
    expect(headroom).toBeLessThan(gibibytes(16) - large.weightBytes)
  })

  it('counts what is reserved', () => {
    const [device] = machineOf(cards(1, 24), 64).devices
    const reserved = { ...machineOf([], 2), devices: [{ ...device!, memoryReserved: gibibytes(20) }] }
    expect(cell(small, reserved)).toMatchObject({ verdict: 'no' })
  })

  it('is refused where the engine refuses the file', () => {
    const quantized = { ...request, cacheTypeV: 'q8_0', flashAttention: 'off' } as const
    const found = cell(small, machineOf(cards(1, 24), 64), { request: quantized })
    expect(found).toEqual({ verdict: 'refused', means: 'cut' })
  })

  it.each([
    ['an engine that places layers itself', { engine: engines.ollama }, 'fits'],
    ['the cache on the host', { request: { ...request, offloadKqv: false } }, 'host'],
    ['split mode tensor', { request: { ...request, splitMode: 'tensor' } }, 'fits'],
  ] as const)('is not estimated for %s: open until it is planned', (_, changes, verdict) => {
    const machine = machineOf(cards(2, 24), 64)
    expect(cell(small, machine, changes).verdict).toBe('open')
    expect(cell(small, machine, { ...changes, mayPlan: () => true })).toMatchObject({ verdict, means: 'planned' })
  })
})

it('replays nothing for what is hopeless, and once for all files of a model and all machines', () => {
  const memo = { roles: new Map(), replays: new Map() }
  cells([large], [machineOf(cards(1, 8))], { memo })
  expect(memo.roles.size).toBe(0)
  const others = (['q4_K', 'q6_K', 'q8_0'] as const).map((type) => llamaModel({ ...llama8b, type }))
  const machines = [1, 2, 4, 8].flatMap((count) => [16, 24, 48].map((gib) => machineOf(cards(count, gib), 64)))
  cells(others, machines, { memo })
  // Alone, and in a chain.
  expect([...memo.roles.keys()].map((key) => JSON.parse(key).at(-1))).toEqual(['alone', 'chained'])
  expect(memo.replays.size).toBe(0)
})

it('plans nothing once there is no time left', () => {
  let asked = 0
  const near = machineOf(cards(2, 24), 64)
  const mayPlan = () => ++asked < 3
  const rows = cells([small, large, experts], [near, machineOf(cards(3, 24), 64)], { engine: engines.ollama, mayPlan })
  expect(rows.flat().map(({ means }) => means)).toEqual(['planned', 'planned', ...Array(4).fill('estimated')])
})

const drawnFile = fc.constantFrom(...(['small', 'large', 'experts'] as const))
const drawnCard = fc.record({
  gib: fc.integer({ min: 6, max: 48 }),
  used: fc.integer({ min: 0, max: 8 }),
  architecture: fc.constantFrom('6.1', '8.6', '8.9'),
})
const drawnMachine = fc
  .tuple(fc.array(drawnCard, { minLength: 1, maxLength: 4 }), fc.option(fc.integer({ min: 8, max: 128 })))
  .map(([shape, host]) => machineOf(shape, host ?? undefined))

it('never says of a pair what its plan does not', () => {
  fc.assert(
    fc.property(drawnFile, drawnMachine, (file, machine) => {
      const { verdict } = cell(files[file], machine)
      if (verdict !== 'open') expect(verdict).toBe(verdictOf(files[file], machine))
    }),
    { numRuns: 60 },
  )
})

it('leaves nothing open where there is time, and agrees with the plan', () => {
  fc.assert(
    fc.property(drawnFile, drawnMachine, (file, machine) => {
      expect(cell(files[file], machine, { mayPlan: () => true }).verdict).toBe(verdictOf(files[file], machine))
    }),
    { numRuns: 20 },
  )
})

it('more memory on a card never turns what fits into what does not', () => {
  fc.assert(
    fc.property(drawnFile, drawnMachine, (file, machine) => {
      const wider = {
        ...machine,
        devices: machine.devices.map((device) => ({ ...device, memoryTotal: bytes(device.memoryTotal + 2 ** 31) })),
      }
      if (cell(files[file], machine).verdict === 'fits') expect(cell(files[file], wider).verdict).toBe('fits')
    }),
    { numRuns: 100 },
  )
})
