import { describe, expect, it } from 'vitest'
import { engines } from '../../engines/index.ts'
import { requestDefaults } from '../../memory/settings.ts'
import { llama70b, llama8b, llamaModel, machineOf } from '../../placement/fixtures.ts'
import { plan } from '../../placement/plan.ts'
import { tightestHeadroom } from '../../placement/rank.ts'
import { tokens } from '../../units.ts'
import { exactCell } from './exact-cell.ts'

const request = { ...requestDefaults, contextLength: tokens(8192) }
const small = llamaModel(llama8b)
const large = llamaModel(llama70b)
const { 'llama.cpp': llamaCpp, koboldcpp } = engines

describe('an exact cell', () => {
  it('is what the plan says, how far its context may grow, and how fast it is', () => {
    const machine = machineOf([{ gib: 24 }, { gib: 24 }], 64)
    const cell = exactCell({ model: large, machine, engines: [llamaCpp], request })
    const verdict = plan({ model: large, machine, engine: llamaCpp, request })
    if (!verdict.fits || !cell.largestContext) throw new Error('it fits')
    expect(cell).toMatchObject({ verdict: 'fits', engine: llamaCpp, reasons: [], placement: verdict.best })
    expect(cell.headroom).toBe(tightestHeadroom(verdict.best))
    expect(cell.largestContext).toBeGreaterThanOrEqual(8192)
    expect(
      plan({ model: large, machine, engine: llamaCpp, request: { ...request, contextLength: cell.largestContext } })
        .fits,
    ).toBe(true)
    expect(cell.speed?.generation.oneSlot.high).toBeGreaterThan(0)
  })

  it('has the reasons and the lack of the nearest placement where nothing fits', () => {
    const cell = exactCell({ model: large, machine: machineOf([{ gib: 12 }], 16), engines: [llamaCpp], request })
    expect(cell.verdict).toBe('no')
    expect(cell.headroom).toBeLessThan(0)
    expect(cell.reasons).not.toEqual([])
    expect(cell).not.toHaveProperty('largestContext')
    expect(cell).not.toHaveProperty('speed')
  })

  it('relies on the host where only that fits', () => {
    const cell = exactCell({ model: large, machine: machineOf([{ gib: 24 }], 128), engines: [llamaCpp], request })
    expect(cell.verdict).toBe('host')
  })

  it('is refused with the engine’s reasons', () => {
    const refused = { ...request, cacheTypeV: 'q8_0', flashAttention: 'off' } as const
    const cell = exactCell({ model: small, machine: machineOf([{ gib: 24 }]), engines: [llamaCpp], request: refused })
    expect(cell).toMatchObject({ verdict: 'refused', reasons: [{ code: 'setting-not-supported' }] })
    expect(cell).not.toHaveProperty('headroom')
  })

  it('takes the engine that hosts it, whatever its place in the list', () => {
    // Several slots are llama.cpp's alone of these two.
    const several = { ...request, parallel: 4 }
    const machine = machineOf([{ gib: 24 }], 64)
    for (const order of [
      [llamaCpp, koboldcpp],
      [koboldcpp, llamaCpp],
    ]) {
      expect(exactCell({ model: small, machine, engines: order, request: several }).engine.id).toBe('llama.cpp')
    }
  })
})
