import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engines } from '../../engines/index.ts'
import { requestDefaults } from '../../memory/settings.ts'
import { llama70b, llama8b, llamaModel, machineOf, type ModelShape } from '../../placement/fixtures.ts'
import { plan } from '../../placement/plan.ts'
import { needsHost } from '../../placement/rank.ts'
import { mebibytes, tokens } from '../../units.ts'
import { fileOf } from './fixtures.ts'
import { bySize, type CapacityFile, largestHosted } from './largest.ts'

const engine = engines['llama.cpp']
const request = { ...requestDefaults, contextLength: tokens(4096) }

const files = [
  fileOf('8b-q8', { ...llama8b, type: 'q8_0' }),
  fileOf('70b-q2', { ...llama70b, type: 'q2_K' }),
  fileOf('70b-q8', { ...llama70b, type: 'q8_0' }),
  fileOf('8b-f16', { ...llama8b, type: 'f16' }),
  fileOf('8b-q4', llama8b),
]

const largestOn = (machine: Parameters<typeof largestHosted>[0], some: readonly CapacityFile[] = files) => {
  const { weights, parameters } = largestHosted(machine, { files: bySize(some), engine, request })
  const names = ({ onGpus, withHost }: typeof weights) => [onGpus?.file, withHost?.file]
  return { weights: names(weights), parameters: names(parameters) }
}

describe('largestHosted', () => {
  it.each([
    ['two cards of 24', machineOf([{ gib: 24 }, { gib: 24 }]), ['70b-q2', undefined], ['70b-q2', undefined]],
    // By weights the 70B at two bits is larger than an 8B at sixteen; so it is by parameters.
    ['one of 20, little RAM', machineOf([{ gib: 20 }], 4), ['8b-f16', undefined], ['8b-f16', undefined]],
    ['one of 24, some RAM', machineOf([{ gib: 24 }], 32), ['8b-f16', '70b-q2'], ['8b-f16', '70b-q2']],
    ['one of 24, much RAM', machineOf([{ gib: 24 }], 128), ['8b-f16', '70b-q8'], ['8b-f16', '70b-q8']],
    // Of as many parameters the heavier file is the larger.
    ['one of 12', machineOf([{ gib: 12 }]), ['8b-q8', undefined], ['8b-q8', undefined]],
    ['one of 2', machineOf([{ gib: 2 }]), [undefined, undefined], [undefined, undefined]],
    ['none', machineOf([], 64), [undefined, undefined], [undefined, undefined]],
  ])('%s', (_, machine, weights, parameters) => {
    expect(largestOn(machine)).toEqual({ weights, parameters })
  })

  it('tells weights from parameters', () => {
    const two = [
      fileOf('few heavy', { ...llama8b, type: 'f32' }),
      fileOf('many light', { ...llama70b, type: 'iq2_xxs' }),
    ]
    expect(largestOn(machineOf([{ gib: 40 }]), two)).toEqual({
      weights: ['few heavy', undefined],
      parameters: ['many light', undefined],
    })
  })

  it('says what is left, and what the next lacks', () => {
    const { weights } = largestHosted(machineOf([{ gib: 24 }]), { files: bySize(files), engine, request })
    const { onGpus } = weights
    expect(onGpus).toEqual({
      file: '8b-f16',
      headroom: expect.any(Number),
      next: { file: '70b-q2', lacks: expect.any(Number) },
    })
    const verdict = plan({ model: files[3]!.model, machine: machineOf([{ gib: 24 }]), engine, request })
    expect(verdict.fits && verdict.best.memory[0]!.headroom).toBe(onGpus!.headroom)
    expect(onGpus!.next!.lacks).toBeGreaterThan(0)
  })
})

const shapes: fc.Arbitrary<ModelShape> = fc.record({
  blocks: fc.integer({ min: 2, max: 8 }),
  embedding: fc.constantFrom(512, 1024, 1536),
  feedForward: fc.constantFrom(1024, 4096),
  heads: fc.constant(4),
  headsKv: fc.constant(2),
  vocabulary: fc.constantFrom(1024, 32000),
  type: fc.constantFrom('q8_0' as const, 'q4_K' as const),
})

it('no larger file of the list fits where the largest does, and that one does', { timeout: 60_000 }, () => {
  const cards = fc.array(fc.integer({ min: 560, max: 900 }), { minLength: 1, maxLength: 3 })
  const inputs = fc.record({
    shapes: fc.array(shapes, { minLength: 1, maxLength: 5 }),
    cards,
    host: fc.constantFrom(1, 2),
  })
  let found = 0
  fc.assert(
    fc.property(inputs, ({ shapes: some, cards: sizes, host }) => {
      const machine = machineOf(
        sizes.map((mib) => ({ gib: mib / 1024 })),
        host,
      )
      const small = { ...request, contextLength: tokens(512), margin: mebibytes(0) }
      const list = some.map((shape, at): CapacityFile => ({ id: String(at), model: llamaModel(shape) }))
      const ordered = bySize(list).weights
      const { onGpus, withHost } = largestHosted(machine, { files: bySize(list), engine, request: small }).weights
      const verdicts = ordered.map(({ model }) => plan({ model, machine, engine, request: small }))
      const fitting = (rely: boolean) =>
        ordered.find((_, at) => {
          const verdict = verdicts[at]!
          return verdict.fits && (rely || !needsHost(verdict.best))
        })?.id
      expect(onGpus?.file).toBe(fitting(false))
      expect((withHost ?? onGpus)?.file).toBe(fitting(true))
      if (onGpus) found++
    }),
    { numRuns: 40 },
  )
  expect(found).toBeGreaterThan(5)
})
