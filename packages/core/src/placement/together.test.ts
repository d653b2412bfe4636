import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engines } from '../engines/index.ts'
import { requestDefaults } from '../memory/settings.ts'
import { bytes, GIB, gibibytes, tokens } from '../units.ts'
import { llama8b, llamaModel, machineOf } from './fixtures.ts'
import { occupiedBy, type Tenant } from './plan-input.ts'
import { plan } from './plan.ts'
import { needsHost } from './rank.ts'
import { planTogether } from './together.ts'

const engine = engines['llama.cpp']
const model = llamaModel(llama8b)
const ask = (contextLength: number): Tenant => ({
  model,
  engine,
  request: { ...requestDefaults, contextLength: tokens(contextLength), margin: bytes(0) },
})

/** What one takes on a single card. */
function aloneOn(gib: number, tenant: Tenant): number {
  const verdict = plan({ ...tenant, machine: machineOf([{ gib }]) })
  if (!verdict.fits) throw new Error('does not fit')
  return verdict.best.memory[0]!.required
}

describe('planTogether', () => {
  it('places a second model where the first leaves it room, which neither finds alone', () => {
    const tenants = [ask(4096), ask(65_536)]
    // Each card has room for one of them and little more; alone, the first takes the larger.
    const machine = machineOf(tenants.toReversed().map((tenant) => ({ gib: aloneOn(64, tenant) / GIB + 1 / 16 })))
    const alone = plan({ ...tenants[0]!, machine })
    if (!alone.fits) throw new Error('does not fit')
    expect(plan({ ...tenants[1]!, machine, ...occupiedBy([alone.best], { machine }) }).fits).toBe(false)
    const together = planTogether({ machine, tenants })
    expect(together.fits).toBe(true)
    expect(together.placements.map((placement) => placement?.settings.contextLength)).toEqual([4096, 65_536])
  })

  it('says which finds no room and why, the others placed', () => {
    const machine = machineOf([{ gib: 8 }])
    const verdict = planTogether({ machine, tenants: [ask(4096), ask(4096)] })
    if (verdict.fits) throw new Error('fits')
    expect(verdict.placements.filter((placement) => placement !== undefined)).toHaveLength(1)
    expect(verdict.placements[verdict.tenant]).toBeUndefined()
    expect(verdict.reasons[0]).toMatchObject({ code: 'insufficient-memory' })
    expect(verdict.proven).toBe(true)
  })

  it.each([
    ['an engine that places layers itself', machineOf([{ gib: 8 }]), engines.ollama],
    // Sets of devices double with each.
    ['more devices than are searched', machineOf(Array.from({ length: 9 }, () => ({ gib: 1 }))), engine],
  ])('does not claim to have tried everything with %s', (_, machine, used) => {
    const verdict = planTogether({ machine, tenants: [ask(4096), ask(4096)].map((one) => ({ ...one, engine: used })) })
    expect(verdict).toMatchObject({ fits: false, proven: false })
  })

  it('is sure of what an engine refuses', () => {
    const refused = { ...ask(4096), request: { ...ask(4096).request, parallel: 100_000 } }
    const verdict = planTogether({
      machine: machineOf(Array.from({ length: 9 }, () => ({ gib: 24 }))),
      tenants: [refused],
    })
    expect(verdict).toMatchObject({ fits: false, proven: true, tenant: 0 })
  })

  it('keeps the margin of each, whoever was placed first', () => {
    const careful = { ...ask(4096), request: { ...ask(4096).request, margin: gibibytes(1) } }
    const tenants = [careful, ask(4096)]
    const both = 2 * aloneOn(64, tenants[1]!)
    const verdict = planTogether({ machine: machineOf([{ gib: both / GIB + 1 / 2 }]), tenants })
    expect(verdict).toMatchObject({ fits: false, proven: true, reasons: [{ code: 'insufficient-memory' }] })
    expect(planTogether({ machine: machineOf([{ gib: both / GIB + 1 }]), tenants }).fits).toBe(true)
  })

  it('leaves as much on the tightest card where nobody told what the host holds', () => {
    const tenants = [ask(4096), ask(32_768)]
    const splitsOn = (host?: number) =>
      planTogether({ machine: machineOf([{ gib: 24 }, { gib: 16 }, { gib: 12 }], host), tenants }).placements.map(
        (placement) => placement?.split,
      )
    expect(splitsOn()).toEqual(splitsOn(1024))
  })

  it('leaves nothing to the host where both have room without it', () => {
    const tenants = [ask(4096), ask(65_536)]
    const cards = tenants.toReversed().map((tenant) => ({ gib: aloneOn(64, tenant) / GIB + 1 / 16 }))
    const { placements } = planTogether({ machine: machineOf(cards, 256), tenants })
    expect(placements.map((placement) => placement && needsHost(placement))).toEqual([false, false])
  })

  it('places none and one as expected', () => {
    const machine = machineOf([{ gib: 16 }])
    expect(planTogether({ machine, tenants: [] })).toEqual({ fits: true, placements: [] })
    const alone = plan({ ...ask(4096), machine })
    expect(planTogether({ machine, tenants: [ask(4096)] })).toEqual({
      fits: true,
      placements: [alone.fits && alone.best],
    })
  })

  it('never promises more of a place than it has, all at their first prompt', { timeout: 120_000 }, () => {
    const tenant = fc.record({
      blocks: fc.integer({ min: 2, max: 5 }),
      contextLength: fc.constantFrom(512, 4096, 16_384),
    })
    const cards = fc.array(
      fc.record({ gib: fc.double({ min: 1, max: 4, noNaN: true }), used: fc.constantFrom(0, 0.25) }),
      {
        minLength: 1,
        maxLength: 2,
      },
    )
    let both = 0
    fc.assert(
      fc.property(fc.array(tenant, { minLength: 2, maxLength: 2 }), cards, (shapes, devices) => {
        const machine = machineOf(devices)
        const tenants = shapes.map(({ blocks, contextLength }) => ({
          ...ask(contextLength),
          model: llamaModel({ ...llama8b, blocks, vocabulary: 32_000 }),
        }))
        const verdict = planTogether({ machine, tenants })
        if (!verdict.fits) return
        both++
        for (const device of machine.devices) {
          const needs = verdict.placements.flatMap(({ memory }) =>
            memory.filter(({ place }) => place.kind === 'device' && place.device === device.id),
          )
          const required = needs.reduce((sum, one) => sum + one.required, 0)
          expect(required).toBeLessThanOrEqual(device.memoryTotal - (device.memoryUsed ?? 0))
          for (const one of needs) {
            expect(one.used).toBe((device.memoryUsed ?? 0) + required - one.required)
            if (one.required > 0) expect(one.headroom).toBeGreaterThanOrEqual(0)
          }
        }
      }),
      { numRuns: 15, seed: 4 },
    )
    expect(both).toBeGreaterThan(3)
  })
})

describe('occupiedBy', () => {
  it('adds to what was measured, and to the host what a shared memory holds', () => {
    const machine = machineOf([{ gib: 48, used: 1, backend: 'metal', changes: { unified: true } }], 64)
    const verdict = plan({ ...ask(4096), machine })
    if (!verdict.fits) throw new Error('does not fit')
    const [device, host] = verdict.best.memory
    expect(occupiedBy([verdict.best], { machine, hostUsed: gibibytes(2) })).toEqual({
      used: new Map([[machine.devices[0]!.id, gibibytes(1) + device!.required]]),
      hostUsed: gibibytes(2) + device!.required + host!.required,
    })
  })
})
