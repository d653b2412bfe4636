import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engines } from '../../engines/index.ts'
import { deviceId, machineId } from '../../ids.ts'
import { requestDefaults } from '../../memory/settings.ts'
import { type CardShape, llama8b, llamaModel, machineOf } from '../../placement/fixtures.ts'
import { judge, planOrJudge } from '../../placement/plan.ts'
import type { PlanInput } from '../../placement/plan-input.ts'
import { type AnyPlanInput, planModel } from '../../placement/plan-model.ts'
import type { Placement, Verdict } from '../../placement/verdict.ts'
import { gibibytes, mebibytes, tokens } from '../../units.ts'
import { askedAsSaved, heldAsSaved } from './as-saved.ts'
import { driftOf } from './drift.ts'
import { explainRepair } from './explain.ts'
import { inventoryOf, type MachineToday } from './inventory.ts'
import { isRepairedHere, nearestRepairs } from './repair.ts'
import { weighJudged, worstOf } from './severity.ts'

const model = llamaModel(llama8b)
const engine = engines['llama.cpp']
const request = { ...requestDefaults, contextLength: tokens(8192) }
const asked = { model, engine, request }

const card = (gib: number, used = 0): CardShape => ({ gib, used })
const lab = (cards: readonly CardShape[], name = 'lab', hostGib?: number): MachineToday => ({
  ...machineOf(cards, hostGib),
  id: machineId(name),
  name,
})

function placed(machine: MachineToday): Placement {
  const verdict = planModel({ ...asked, machine })
  if (!verdict.fits) throw new Error('does not fit')
  return verdict.best
}

const without = (machine: MachineToday, id: string): MachineToday => ({
  ...machine,
  devices: machine.devices.filter((device) => device.id !== id),
})

/** What is said of a plan that was judged on one machine, on that machine as it is now. */
function weigh(then: MachineToday, now: MachineToday, by: Pick<AnyPlanInput, 'engine' | 'request'> = asked) {
  const verdict = planModel({ ...asked, ...by, machine: then })
  if (!verdict.fits) throw new Error('does not fit')
  const inventory = inventoryOf(then, verdict.best)
  const asSaved = planModel(askedAsSaved({ ...asked, ...by, machine: heldAsSaved(now, inventory) }, inventory))
  return weighJudged(driftOf(inventory, now), asSaved)
}

const repair = (here: MachineToday | undefined, elsewhere: readonly MachineToday[] = []) =>
  nearestRepairs({
    here: here && planModel({ ...asked, machine: here }),
    elsewhere: elsewhere.map((machine) => ({ machine: machine.id, verdict: planModel({ ...asked, machine }) })),
  })

describe('the saved split, judged on the machine of now', () => {
  const two = lab([card(8), card(8)])
  const resized = (gib: number, used = 0): MachineToday => ({
    ...two,
    devices: two.devices.map((device, at) =>
      at === 0 ? { ...device, memoryTotal: gibibytes(gib), memoryUsed: gibibytes(used) } : device,
    ),
  })
  const severities = (now: MachineToday) => weigh(two, now).map(({ code, severity }) => [code, severity])

  it.each<readonly [string, MachineToday, readonly (readonly [string, string])[]]>([
    ['has less, and holds', resized(7.5), [['device-memory-less', 'info']]],
    ['has less, and does not', resized(2), [['device-memory-less', 'breaks']]],
    ['has more', resized(9), [['device-memory-more', 'info']]],
    ['has less and is busy: what others use now is no drift', resized(7.5, 7), [['device-memory-less', 'info']]],
    ['has a new driver', { ...two, driverVersion: '580.12' }, []],
    ['lost a card', without(two, 'gpu-1'), [['device-gone', 'breaks']]],
  ])('%s', (_, now, expected) => {
    expect(severities(now)).toEqual(expected)
  })

  it('is broken by the finding whose place lacks memory, and by no other', () => {
    const now = { ...resized(2), driverVersion: '580.12' }
    const then = { ...two, driverVersion: '570.86' }
    expect(weigh(then, now).map(({ code, severity }) => [code, severity])).toEqual([
      ['device-memory-less', 'breaks'],
      ['driver-changed', 'info'],
    ])
  })

  it('tells the worst first', () => {
    const now = { ...without(resized(7.5), 'gpu-1'), driverVersion: '580.12' }
    expect(weigh({ ...two, driverVersion: '570.86' }, now).map(({ code, severity }) => [code, severity])).toEqual([
      ['device-gone', 'breaks'],
      ['device-memory-less', 'info'],
      ['driver-changed', 'info'],
    ])
  })

  it('is broken by less host memory where part of it lies there', () => {
    const then = lab([card(4)], 'lab', 32)
    expect(weigh(then, { ...then, hostMemoryTotal: gibibytes(2) })).toMatchObject([
      { code: 'host-memory-less', severity: 'breaks' },
    ])
    expect(weigh(then, { ...then, hostMemoryTotal: gibibytes(30) })).toMatchObject([
      { code: 'host-memory-less', severity: 'info' },
    ])
  })

  it('keeps a cache on the host there, as it was planned', () => {
    const cached = { ...request, offloadKqv: false }
    const then = lab([card(8)], 'lab', 32)
    const verdict = planOrJudge({ ...asked, request: cached, machine: then })
    if (!verdict.fits) throw new Error('does not fit')
    const inventory = inventoryOf(then, verdict.best)
    expect(askedAsSaved({ engine, request }, inventory).request.offloadKqv).toBe(false)
  })

  it('is planned anew by an engine that places layers itself', () => {
    const ollama = { engine: engines['ollama'], request }
    const then = lab([card(8), card(8)], 'lab', 64)
    expect(weigh(then, { ...then, driverVersion: '1' }, ollama)).toEqual([])
    expect(worstOf(weigh(then, without(then, 'gpu-0'), ollama))).toBe('breaks')
  })

  it('is broken by a backend that the engine is not planned for', () => {
    const then = lab([card(8), card(8)])
    const now = { ...then, devices: then.devices.map((device) => ({ ...device, backend: 'rpc' as const })) }
    const exl = weigh(then, { ...now, devices: [now.devices[0]!, then.devices[1]!] })
    expect(exl.map(({ severity }) => severity)).toContain('breaks')
  })
})

describe('the nearest repair', () => {
  it('is a new split of the same request on the same machine', () => {
    const repairs = repair(lab([card(16)]), [lab([card(80)], 'other')])
    expect(repairs.map(({ kind }) => kind)).toEqual(['new-split'])
    expect(explainRepair(repairs[0]!, 'lab')).toBe('Split anew, it fits lab as it was asked for.')
  })

  it('is the least change there, or as asked on the roomiest other machine', () => {
    const others = [lab([card(8)], 'small'), lab([card(24)], 'medium'), lab([card(80)], 'large')]
    const here = lab([card(6.5)])
    const repairs = repair(here, others)
    expect(repairs.map((one) => (one.kind === 'other-machine' ? one.machine : one.kind))).toEqual(['change', 'large'])
    expect(repairs.map((one) => explainRepair(one, one.kind === 'change' ? 'lab' : 'large'))).toEqual([
      expect.stringMatching(/^On lab: (Keep|Reduce|Process) .*\. Costs .*\.$/),
      'large can host it as it was asked for.',
    ])
  })

  it('is another machine where its own is gone, and none where none can host it', () => {
    const large = lab([card(80)], 'large')
    expect(repair(undefined, [large])).toEqual([{ kind: 'other-machine', machine: 'large', placement: placed(large) }])
    expect(repair(undefined, [lab([card(1)])])).toEqual([])
    expect(repair(lab([card(1)]))).toEqual([])
  })

  it('relies on no host of which nobody told what it has', () => {
    const verdict = planModel({ ...asked, machine: lab([card(4)]) })
    if (verdict.fits) throw new Error('fits')
    expect(verdict.remedies.map(({ remedy }) => remedy.code)).toContain('blocks-on-host')
    expect(repair(lab([card(4)]))).toEqual([])
  })

  it('asks no other machine where its own will do', () => {
    expect(isRepairedHere(planModel({ ...asked, machine: lab([card(16)]) }))).toBe(true)
    expect(isRepairedHere(planModel({ ...asked, machine: lab([card(1)]) }))).toBe(false)
    expect(isRepairedHere(undefined)).toBe(false)
  })
})

/** Small shapes, so that a plan takes little. */
const small = llamaModel({
  blocks: 4,
  embedding: 512,
  feedForward: 2048,
  heads: 4,
  headsKv: 2,
  vocabulary: 8000,
  type: 'q8_0',
})
const tiny: Omit<PlanInput, 'machine'> = {
  model: small,
  engine,
  request: { ...requestDefaults, contextLength: tokens(4096), margin: mebibytes(0) },
}
const machines = fc
  .record({
    cards: fc.array(fc.record({ gib: fc.double({ min: 0.4, max: 1.2, noNaN: true }), used: fc.constantFrom(0, 0.1) }), {
      minLength: 1,
      maxLength: 4,
    }),
    hostGib: fc.constantFrom(undefined, 1, 16),
    name: fc.constantFrom('a', 'b', 'c'),
  })
  .map(({ cards, hostGib, name }) => lab(cards, name, hostGib))

const fits = (verdict: Verdict): verdict is Extract<Verdict, { fits: true }> => verdict.fits

describe('for any machine', () => {
  it('nothing has drifted where nothing has changed, however often it is looked at', () => {
    fc.assert(
      fc.property(machines, (machine) => {
        const verdict = planModel({ ...tiny, machine })
        fc.pre(fits(verdict))
        const inventory = inventoryOf(machine, verdict.best)
        const again: MachineToday = JSON.parse(JSON.stringify(machine))
        expect(driftOf(inventory, again)).toEqual([])
        expect(driftOf(inventoryOf(again, verdict.best), machine)).toEqual([])
        const asSaved = planModel(askedAsSaved({ ...tiny, machine: heldAsSaved(machine, inventory) }, inventory))
        expect(asSaved.fits).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it('a repair fits the machine that it names', () => {
    let seen = 0
    fc.assert(
      fc.property(machines, fc.array(machines, { maxLength: 2 }), (here, others) => {
        const elsewhere = others.map((machine, at) => ({ ...machine, id: machineId(`other-${at}`) }))
        const repairs = nearestRepairs({
          here: planModel({ ...tiny, machine: here }),
          elsewhere: elsewhere.map((machine) => ({ machine: machine.id, verdict: planModel({ ...tiny, machine }) })),
        })
        for (const { placement } of repairs) {
          const machine = [here, ...elsewhere].find(({ id }) => id === placement.machine)!
          const { split, settings } = placement
          expect(judge({ ...tiny, machine, request: settings, split }).reasons).toEqual([])
          seen++
        }
      }),
      { numRuns: 40 },
    )
    expect(seen).toBeGreaterThan(0)
  })

  it('a card that is gone breaks the plan that used it', () => {
    fc.assert(
      fc.property(machines, fc.nat(), (machine, pick) => {
        const verdict = planModel({ ...tiny, machine })
        fc.pre(fits(verdict))
        const inventory = inventoryOf(machine, verdict.best)
        fc.pre(inventory.devices.length > 0)
        const { id } = inventory.devices[pick % inventory.devices.length]!
        const now = without(machine, deviceId(id))
        const asSaved = planModel(askedAsSaved({ ...tiny, machine: heldAsSaved(now, inventory) }, inventory))
        expect(asSaved.fits).toBe(false)
        expect(worstOf(weighJudged(driftOf(inventory, now), asSaved))).toBe('breaks')
      }),
      { numRuns: 40 },
    )
  })
})
