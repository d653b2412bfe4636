import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engineOf } from '../engines/index.ts'
import { overhead } from '../memory/overhead.ts'
import { requestDefaults } from '../memory/settings.ts'
import { bytes, GIB, gibibytes, mebibytes, tokens } from '../units.ts'
import { llama8b, llamaModel, machineOf } from './fixtures.ts'
import {
  contextsAtOnce,
  contextsWhenAsked,
  type CreationInput,
  memoryOverTime,
  oneAfterTheOther,
  type Resident,
} from './memory-over-time.ts'
import { plan } from './plan.ts'

const engine = engineOf('llamasharp')!
const model = llamaModel(llama8b)
const request = { ...requestDefaults, contextLength: tokens(8192), margin: bytes(0) }

function planned(): Resident {
  const verdict = plan({ model, machine: machineOf([{ gib: 24 }]), engine, request })
  if (!verdict.fits) throw new Error(JSON.stringify(verdict.reasons))
  return { model, placement: verdict.best }
}

/** What it takes of a card does not depend on how large that is. */
const one = planned()

const pairOn = (gib: number, oneProcess = true): CreationInput => ({
  machine: machineOf([{ gib }]),
  residents: [one, one],
  oneProcess,
})

/** Bytes held on the card after each step. */
const heldOn = (input: CreationInput, steps: Parameters<typeof memoryOverTime>[1]): readonly number[] =>
  memoryOverTime(input, steps).moments.map(({ places }) => places[0]!.held)

const { model: weights, context, compute } = one.placement.memory[0]!
const { terms } = overhead({
  device: machineOf([{ gib: 24 }]).devices[0]!,
  model,
  settings: one.placement.settings,
  flashAttention: true,
  holdsOutput: true,
})
const driver = terms.find(({ name }) => name === 'driver context')!.bytes
const modules = terms.find(({ name }) => name === 'cuBLAS kernels')!.bytes
const grown = terms.filter(({ when }) => when === 'first-prompt').reduce((sum, term) => sum + term.bytes, 0)

describe('memoryOverTime', () => {
  it('adds up step by step, what a process has once counted once', () => {
    const first = driver + weights
    const two = first + context + compute
    const four = two + weights + context + compute
    expect(heldOn(pairOn(24), contextsAtOnce(2))).toEqual([
      ...[first, two, two + weights, four],
      ...[four + grown, four + grown + grown - modules],
    ])
  })

  it('counts it for each of two processes, as one that runs alone is counted', () => {
    const { required } = one.placement.memory[0]!
    expect(heldOn(pairOn(24, false), oneAfterTheOther(2))).toEqual([
      ...[driver + weights, driver + weights + context + compute, required],
      ...[required + driver + weights, required + driver + weights + context + compute, 2 * required],
    ])
  })

  it('tells what is left beside others, and nothing of a host that nobody measured', () => {
    const machine = machineOf([{ gib: 24, used: 2 }])
    const input = { machine, residents: [one], oneProcess: true }
    const held = driver + weights
    expect(memoryOverTime(input, oneAfterTheOther(1)).moments[0]).toEqual({
      step: { resident: 0, event: 'weights' },
      places: [
        { place: { kind: 'device', device: 'gpu-0' }, held, left: 22 * GIB - held },
        { place: { kind: 'host' }, held: expect.any(Number), left: undefined },
      ],
    })
  })

  it('counts the host’s process once, and what shared-memory devices take of it', () => {
    const machine = machineOf([{ gib: 24, changes: { unified: true }, backend: 'metal' }], 32)
    const verdict = plan({ model, machine, engine, request })
    if (!verdict.fits) throw new Error('does not fit')
    const apple: Resident = { model, placement: verdict.best }
    const used = { ...machine, hostMemoryUsed: gibibytes(4) }
    const { moments } = memoryOverTime({ machine: used, residents: [apple], oneProcess: true }, oneAfterTheOther(1))
    const [device, host] = moments.at(-1)!.places
    expect([device!.held, host!.held]).toEqual(apple.placement.memory.map(({ required }) => required))
    expect(host!.left).toBe(28 * GIB - host!.held - device!.held)
  })

  it('ends with no step', () => {
    expect(memoryOverTime(pairOn(24), [])).toEqual({ moments: [] })
  })
})

/** As large a card as both hold, the driver's part once, less a little. */
const cardFor = (held: number, short: number): number => (held - mebibytes(short)) / GIB

describe('two models on one card, each of which fits alone', () => {
  const all = heldOn(pairOn(24), contextsAtOnce(2)).at(-1)!

  it.each([
    // Its first prompt kills the second model.
    [8, contextsAtOnce(2), 5],
    [8, oneAfterTheOther(2), 5],
    // The model that was asked last has no room for its cache: the other took it.
    [grown / 2 ** 20 + 8, contextsWhenAsked([1, 0]), 4],
    [grown / 2 ** 20 + 8, contextsAtOnce(2), 4],
    [grown / 2 ** 20 + 8, oneAfterTheOther(2), 4],
  ])('lack %d MiB: in this order the step that fails is number %#', (short, steps, failing) => {
    const gib = cardFor(all, short)
    const input = pairOn(gib)
    const { moments, failure } = memoryOverTime(input, steps)
    expect(moments).toHaveLength(failing + 1)
    expect(failure).toMatchObject({ step: steps[failing], place: { kind: 'device', device: 'gpu-0' } })
    expect(failure!.lacking).toBe(heldOn(input, steps).at(-1)! - Math.round(gib * GIB))
  })

  it('fit in one order as in any other', () => {
    const input = (mib: number): CreationInput => pairOn((all - mib * 2 ** 20) / GIB)
    const order = fc.constantFrom(
      contextsAtOnce(2),
      oneAfterTheOther(2),
      contextsWhenAsked([0, 1]),
      contextsWhenAsked([1, 0]),
    )
    fc.assert(
      fc.property(order, order, fc.constantFrom(-64, 0, 1, 64, 512, 2048), (left, right, short) => {
        const [ours, others] = [left, right].map((steps) => memoryOverTime(input(short), steps))
        expect(ours!.failure === undefined).toBe(short <= 0)
        expect(others!.failure === undefined).toBe(short <= 0)
      }),
    )
  })
})
