import { describe, expect, it } from 'vitest'
import type { Engine } from '../engines/engine.ts'
import { engineOf, engines } from '../engines/index.ts'
import { type RunRequest, requestDefaults } from '../memory/settings.ts'
import { llama70b, llama8b, llamaModel, machineOf, mixture } from '../placement/fixtures.ts'
import { plan } from '../placement/plan.ts'
import { needsHost } from '../placement/rank.ts'
import { type Mix, mixes } from '../quantize/mix.ts'
import { tokens } from '../units.ts'
import { solve } from './solve.ts'
import type { Solution, SolvedValue, SolveInput } from './solution.ts'

const engine = engines['llama.cpp']
const model70b = llamaModel(llama70b)
const model8b = llamaModel(llama8b)
const two = machineOf([{ gib: 24 }, { gib: 24 }])

const ask = (changes: Partial<RunRequest> = {}): RunRequest => ({
  ...requestDefaults,
  contextLength: tokens(8192),
  ...changes,
})
const asked = (changes: Partial<SolveInput> = {}): SolveInput => ({
  model: model70b,
  machine: two,
  engine,
  request: ask(),
  unknown: 'context',
  ...changes,
})

type Solved = Extract<Solution, { readonly solved: true }>

function solved(input: SolveInput): Solved {
  const solution = solve(input)
  if (!solution.solved) throw new Error('nothing fits')
  return solution
}

const fitsOnDevices = (input: SolveInput, request: Partial<RunRequest>): boolean => {
  const verdict = plan({ ...input, request: { ...input.request, ...request } })
  return verdict.fits && !needsHost(verdict.best)
}

describe('the largest context', () => {
  it('is exact to 256 cells: a plan of it fits, and one of the next does not', () => {
    const input = asked()
    const { value, request, bound } = solved(input)
    expect(value).toEqual({ unknown: 'context', contextLength: 24_320, contextPerSlot: 24_320 })
    expect(request).toEqual(ask({ contextLength: tokens(24_320) }))
    expect(fitsOnDevices(input, request)).toBe(true)
    if (bound.code !== 'next-does-not-fit') throw new Error(bound.code)
    expect(bound.value).toEqual({ unknown: 'context', contextLength: 24_576, contextPerSlot: 24_576 })
    expect(bound.reasons.map(({ code }) => code)).toContain('insufficient-memory-at-first-prompt')
    expect(fitsOnDevices(input, { contextLength: tokens(24_576) })).toBe(false)
  })

  it('does not depend on the context that was asked for', () => {
    const values = [256, 8192, 131_072].map(
      (contextLength) => solved(asked({ request: ask({ contextLength: tokens(contextLength) }) })).value,
    )
    expect(new Set(values.map((value) => JSON.stringify(value))).size).toBe(1)
  })

  it.each<[string, Partial<RunRequest>, Partial<SolvedValue>]>([
    ['every slot', { parallel: 4 }, { contextPerSlot: tokens(5888), contextLength: tokens(23_552) }],
    [
      'a shared cache',
      { parallel: 4, kvUnified: true },
      { contextPerSlot: tokens(24_320), contextLength: tokens(24_320) },
    ],
    ['a quantized cache', { cacheTypeK: 'q8_0', cacheTypeV: 'q8_0' }, { contextLength: tokens(45_312) }],
  ])('is counted for %s', (_, request, value) => {
    const input = asked({ request: ask(request) })
    const { value: found, bound } = solved(input)
    expect(found).toMatchObject(value)
    if (bound.code !== 'next-does-not-fit' || bound.value.unknown !== 'context') throw new Error(bound.code)
    expect(fitsOnDevices(input, { contextLength: bound.value.contextLength })).toBe(false)
  })

  it.each([131_072, 100_000])('ends at what the model was trained for: %i', (trained) => {
    const machine = machineOf([{ gib: 80 }, { gib: 80 }])
    const { value, bound } = solved(asked({ machine, model: llamaModel({ ...llama70b, trained }) }))
    expect(value).toMatchObject({ contextLength: trained })
    expect(bound).toEqual({ code: 'trained-context' })
  })

  it('stays on the devices where any does, whatever the host has', () => {
    const { value, placement } = solved(asked({ machine: machineOf([{ gib: 24 }, { gib: 24 }], 512) }))
    expect(value).toMatchObject({ contextLength: 24_320 })
    expect(needsHost(placement)).toBe(false)
  })

  it('takes the help of the host where none does', () => {
    const machine = machineOf([{ gib: 12 }], 64)
    const { value, placement, bound } = solved(asked({ machine }))
    expect(needsHost(placement)).toBe(true)
    expect(value.unknown === 'context' && value.contextLength).toBeGreaterThan(65_536)
    expect(bound.code).toBe('next-does-not-fit')
  })

  it('is none where not even 256 tokens fit', () => {
    const solution = solve(asked({ machine: machineOf([{ gib: 8 }], 8) }))
    expect(solution).toMatchObject({
      solved: false,
      value: { contextLength: 256 },
      reasons: [{ code: 'insufficient-memory', place: { kind: 'host' } }],
    })
  })

  it('is refused with the engine’s reasons', () => {
    const solution = solve(asked({ request: ask({ splitMode: 'row' }) }))
    expect(solution).toMatchObject({ solved: false, reasons: [{ code: 'setting-not-supported' }] })
    expect(solution).not.toHaveProperty('nearest')
  })
})

describe('the most slots', () => {
  it('keep the context that each had', () => {
    const input = asked({ unknown: 'slots', request: ask({ contextLength: tokens(8192), parallel: 2 }) })
    const { value, request, bound } = solved(input)
    expect(value).toEqual({ unknown: 'slots', parallel: 5, contextLength: 20_480 })
    expect(fitsOnDevices(input, request)).toBe(true)
    expect(bound).toMatchObject({ code: 'next-does-not-fit', value: { parallel: 6, contextLength: 24_576 } })
    expect(fitsOnDevices(input, { parallel: 6, contextLength: tokens(24_576) })).toBe(false)
  })

  it('share one cache where it is unified, and then are as many as the engine serves', () => {
    const { value, bound } = solved(asked({ unknown: 'slots', request: ask({ kvUnified: true }) }))
    expect(value).toEqual({ unknown: 'slots', parallel: 256, contextLength: 8192 })
    expect(bound).toEqual({ code: 'engine-limit' })
  })

  it('are found past counts whose prompts are padded to more: 255 slots reserve 765 tokens, 256 reserve 512', () => {
    const model = llamaModel({ ...llama8b, vocabulary: 1024 })
    const about = { unknown: 'slots', model, request: ask({ kvUnified: true }) } as const
    const needs = (parallel: number): number => {
      const verdict = plan(
        asked({ ...about, request: { ...about.request, parallel }, machine: machineOf([{ gib: 48 }]) }),
      )
      return verdict.fits ? verdict.best.memory[0]!.required : NaN
    }
    expect(needs(256)).toBeLessThan(needs(255))
    // Room for 256 slots, and for none of the counts shortly before.
    const machine = machineOf([{ gib: needs(256) / 2 ** 30 + 1 }])
    expect(solved(asked({ ...about, machine })).value).toMatchObject({ parallel: 256 })
  })
})

describe('the cache type', () => {
  const types = (input: Partial<SolveInput>): readonly unknown[] => {
    const { value, bound } = solved(asked({ unknown: 'cache-type', ...input }))
    const next = bound.code === 'next-does-not-fit' ? bound.value : bound.code
    return [value, next].map((one) =>
      typeof one === 'object' && 'cacheTypeK' in one ? [one.cacheTypeK, one.cacheTypeV] : one,
    )
  }

  it.each([
    [8192, [['f16', 'f16'], 'best-offered']],
    // Without a kernel of its own, q5_1 would be converted for every token: it is not offered.
    [
      32_768,
      [
        ['q8_0', 'q8_0'],
        ['f16', 'f16'],
      ],
    ],
    [
      65_536,
      [
        ['q4_0', 'q4_0'],
        ['q8_0', 'q8_0'],
      ],
    ],
  ])('is the finest that CUDA reads as it is, at %i', (contextLength, expected) => {
    expect(types({ request: ask({ contextLength: tokens(contextLength) }) })).toEqual(expected)
  })

  it('mixes types where the backend has the kernels', () => {
    const machine = machineOf([
      { gib: 24, backend: 'vulkan' },
      { gib: 24, backend: 'vulkan' },
    ])
    expect(types({ machine, request: ask({ contextLength: tokens(52_000) }) })).toEqual([
      ['q8_0', 'q5_1'],
      ['f16', 'q5_1'],
    ])
  })

  it('quantizes keys alone without flash attention', () => {
    const request = ask({ contextLength: tokens(24_576), flashAttention: 'off' })
    expect(types({ model: model8b, machine: machineOf([{ gib: 10.5 }]), request })).toEqual([
      ['q8_0', 'f16'],
      ['f16', 'f16'],
    ])
  })
})

describe('the mix', () => {
  const names = ['Q2_K', 'Q8_0', 'Q4_0', 'IQ4_XS'] as const satisfies readonly Mix[]
  const candidates = names.map((mix) => ({
    id: mix,
    mix,
    model: () => llamaModel({ ...llama70b, type: mixes[mix].baseType }),
  }))

  it('is the one that loses least, whatever its size', () => {
    const { value, bound, placement } = solved(asked({ unknown: 'mix', candidates }))
    // Q4_0 is larger and loses more.
    expect(value).toEqual({ unknown: 'mix', candidate: 'IQ4_XS' })
    expect(bound).toMatchObject({ code: 'next-does-not-fit', value: { candidate: 'Q8_0' } })
    expect(placement.memory[0]!.model).toBeGreaterThan(0)
  })

  it('describes no more candidates than it tries', () => {
    const described: string[] = []
    const watched = candidates.map((one) => ({ ...one, model: () => (described.push(one.id), one.model()) }))
    solved(asked({ unknown: 'mix', candidates: watched, machine: machineOf([{ gib: 80 }, { gib: 80 }]) }))
    expect(new Set(described)).toEqual(new Set(['Q8_0']))
  })

  it('takes the model as it is where nothing else is offered', () => {
    const { value, bound } = solved(asked({ unknown: 'mix' }))
    expect(value).toEqual({ unknown: 'mix', candidate: model70b.name })
    expect(bound).toEqual({ code: 'best-offered' })
  })

  it('of experts may need the host', () => {
    const machine = machineOf([{ gib: 16 }], 64)
    const { placement } = solved(asked({ unknown: 'mix', model: llamaModel(mixture), machine }))
    expect(needsHost(placement)).toBe(true)
  })
})

describe.each<[string, Engine]>([
  ['llama.cpp’s own fit', { ...engine, controls: { ...engine.controls, placesItself: true } }],
  ['Ollama', engines.ollama],
  ['Ollama 0.6', engineOf('ollama', engines.ollama.earlier![0]!.version)!],
])('with layers left to %s', (_, own) => {
  const input = asked({ engine: own, model: model8b, machine: machineOf([{ gib: 8 }], 64) })

  it('the largest context is all on devices, and the next is not', () => {
    const { value, request, placement, bound } = solved(input)
    if (value.unknown !== 'context') throw new Error(value.unknown)
    expect(value.contextLength).toBeGreaterThan(256)
    expect(needsHost(placement)).toBe(false)
    expect(fitsOnDevices(input, request)).toBe(true)
    expect(bound.code).toBe('next-does-not-fit')
    expect(fitsOnDevices(input, { contextLength: tokens(value.contextLength + 256) })).toBe(false)
  })

  it('takes few plans', () => {
    let plans = 0
    const counting: Engine = { ...own, refusals: (...all) => ((plans += 1), own.refusals(...all)) }
    solved({ ...input, engine: counting })
    expect(plans).toBeLessThan(40)
  })
})
