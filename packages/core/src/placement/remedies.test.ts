import { describe, expect, it } from 'vitest'
import { engines } from '../engines/index.ts'
import type { Machine } from '../machine/machine.ts'
import { type RunRequest, requestDefaults } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import { mixes } from '../quantize/mix.ts'
import { solve } from '../solve/solve.ts'
import { tokens } from '../units.ts'
import { llama8b, llamaModel, machineOf, mixture } from './fixtures.ts'
import { plan } from './plan.ts'
import type { Remedy, RemedyPlan } from './verdict.ts'

const engine = engines['llama.cpp']
const model = llamaModel(llama8b)
const ask = (changes: Partial<RunRequest> = {}): RunRequest => ({
  ...requestDefaults,
  contextLength: tokens(32768),
  ...changes,
})

interface Case {
  readonly model?: Model
  readonly machine: Machine
  readonly request: RunRequest
}

function remediesOf(one: Case): readonly RemedyPlan[] {
  const verdict = plan({ engine, model, ...one })
  if (verdict.fits) throw new Error('fits already')
  return verdict.remedies
}

const remedy = <Code extends Remedy['code']>(
  plans: readonly RemedyPlan[],
  code: Code,
): Extract<Remedy, { code: Code }> | undefined =>
  plans.map((one) => one.remedy).find((one): one is Extract<Remedy, { code: Code }> => one.code === code)

const fits = (one: Case): boolean => plan({ engine, model, ...one }).fits

/** An 8B model whose cache of 4 GiB at 32k does not fit beside its weights. */
const tight: Case = { machine: machineOf([{ gib: 9.5 }]), request: ask() }

describe('remedies', () => {
  it('are each a plan that fits', () => {
    const plans = remediesOf(tight)
    expect(plans.length).toBeGreaterThan(2)
    for (const {
      remedy: { code },
      placement,
    } of plans) {
      for (const { place, required, headroom } of placement.memory) {
        if (place.kind === 'device' && required > 0) expect(headroom, code).toBeGreaterThanOrEqual(0)
      }
    }
  })

  it('name the largest context that fits, exact to 256 cells', () => {
    const found = remedy(remediesOf(tight), 'reduce-context')!
    expect(found.contextLength % 256).toBe(0)
    expect(fits({ ...tight, request: ask({ contextLength: tokens(found.contextLength) }) })).toBe(true)
    expect(fits({ ...tight, request: ask({ contextLength: tokens(found.contextLength + 256) }) })).toBe(false)
  })

  it('count the context in steps of 256 for every slot of a split cache', () => {
    const request = ask({ parallel: 4 })
    const found = remedy(remediesOf({ ...tight, request }), 'reduce-context')!
    expect(found.contextLength % 1024).toBe(0)
    expect(fits({ ...tight, request: { ...request, contextLength: tokens(found.contextLength + 1024) } })).toBe(false)
  })

  it('quantize the cache no further than is enough', () => {
    expect(remedy(remediesOf(tight), 'quantize-cache')).toEqual({ code: 'quantize-cache', cacheType: 'q8_0' })
    const tighter = { ...tight, request: ask({ contextLength: tokens(65536) }) }
    expect(fits({ ...tighter, request: { ...tighter.request, cacheTypeK: 'q8_0', cacheTypeV: 'q8_0' } })).toBe(false)
    expect(remedy(remediesOf(tighter), 'quantize-cache')).toEqual({ code: 'quantize-cache', cacheType: 'q4_0' })
  })

  it('offer a smaller ubatch where the compute buffer is what lacks', () => {
    const request = ask({ ubatchSize: tokens(2048), contextLength: tokens(8192) })
    const lacking = machineOf([{ gib: 6.8 }])
    expect(fits({ machine: lacking, request })).toBe(false)
    const found = remedy(remediesOf({ machine: lacking, request }), 'reduce-ubatch')!
    expect([64, 128, 256, 512, 1024]).toContain(found.ubatchSize)
    expect(fits({ machine: lacking, request: { ...request, ubatchSize: tokens(found.ubatchSize * 2) } })).toBe(false)
  })

  it('put blocks on a host of unknown size last, and only conditionally', () => {
    const plans = remediesOf(tight)
    expect(plans.slice(-2).map(({ remedy }) => remedy.code)).toEqual(['blocks-on-host', 'cache-on-host'])
    expect(plans.at(-1)!.placement.memory.at(-1)).toMatchObject({ place: { kind: 'host' }, capacityUnknown: true })
    expect(fits({ ...tight, machine: { ...tight.machine, ...machineOf([{ gib: 9.5 }], 64) } })).toBe(true)
  })

  it('put experts on the host before blocks', () => {
    const plans = remediesOf({
      model: llamaModel(mixture),
      machine: machineOf([{ gib: 24 }]),
      request: ask({ contextLength: tokens(8192) }),
    })
    const codes = plans.map((one) => one.remedy.code)
    expect(codes).toContain('experts-on-host')
    expect(codes.indexOf('experts-on-host')).toBeLessThan(codes.indexOf('blocks-on-host'))
  })

  it('allow flash attention where a setting needs it', () => {
    const request = ask({ flashAttention: 'off', cacheTypeV: 'q8_0', contextLength: tokens(4096) })
    expect(remediesOf({ machine: machineOf([{ gib: 24 }]), request }).map((one) => one.remedy.code)).toEqual([
      'flash-attention',
    ])
  })

  it('are none where nothing helps', () => {
    expect(remediesOf({ machine: machineOf([]), request: ask() })).toEqual([])
    expect(remediesOf({ machine: machineOf([{ gib: 1 }], 2), request: ask() })).toEqual([])
    expect(remediesOf({ machine: machineOf([{ gib: 24 }]), request: ask({ parallel: 1000 }) })).toEqual([])
  })
})

describe('a smaller file', () => {
  it('is the one that loses least by its quantization, as it is where the mix is left open', () => {
    const files = (['Q5_1', 'Q5_K_M', 'Q4_1', 'Q4_K_S'] as const).map((mix) => ({
      ...{ name: mix, mix },
      model: llamaModel({ ...llama8b, type: mixes[mix].baseType }),
    }))
    const request = { ...requestDefaults, contextLength: tokens(4096) }
    const at = (gib: number): readonly unknown[] => {
      const model = llamaModel({ ...llama8b, type: 'q8_0' })
      const input = { model, engine: engines['llama.cpp'], request, machine: machineOf([{ gib }]) }
      const verdict = plan({ ...input, alternatives: () => files })
      if (verdict.fits) throw new Error('fits')
      const candidates = files.map((file) => ({ id: file.name, mix: file.mix, model: () => file.model }))
      const { value } = solve({ ...input, unknown: 'mix', candidates })
      const offered = verdict.remedies.flatMap(({ remedy }) => (remedy.code === 'smaller-file' ? [remedy.name] : []))
      return [...offered, value.unknown === 'mix' && value.candidate]
    }
    // A larger file is not always a better one.
    expect([9.5, 6.9].map(at)).toEqual([
      ['Q5_K_M', 'Q5_K_M'],
      ['Q4_K_S', 'Q4_K_S'],
    ])
  })

  it('is the largest of those that fit where they do not say their mix, and its cost is named', () => {
    const files = ['q8_0', 'q6_K', 'q4_0'] as const
    const [model, ...others] = files.map((type) => ({ name: type, model: llamaModel({ ...llama8b, type }) }))
    const request = { ...requestDefaults, contextLength: tokens(4096) }
    const input = { model: model!.model, engine: engines['llama.cpp'], request, alternatives: () => others }
    const offered = (gib: number): unknown => {
      const verdict = plan({ ...input, machine: machineOf([{ gib }]) })
      if (verdict.fits) return 'fits'
      const found = verdict.remedies.find(({ remedy }) => remedy.code === 'smaller-file')
      return found && [found.remedy, found.cost]
    }
    expect(offered(12)).toBe('fits')
    expect(offered(9.5)).toEqual([{ code: 'smaller-file', name: 'q6_K' }, 'quality'])
    expect(offered(7.5)).toEqual([{ code: 'smaller-file', name: 'q4_0' }, 'quality'])
    expect(offered(4)).toBeUndefined()
  })
})
