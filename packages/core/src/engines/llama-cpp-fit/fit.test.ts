import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contextShape } from '../../context/shape.ts'
import { computeBuffers, pipelineParallel } from '../../memory/compute.ts'
import { estimateStatic } from '../../memory/estimate.ts'
import type { Run } from '../../memory/run.ts'
import type { RunRequest } from '../../memory/settings.ts'
import { mebibytes, MIB, tokens } from '../../units.ts'
import { type FitDevice, fitParameters, layoutByFlags, type PlacementFlags } from './fit.ts'
import { BLOCKS, devicesOf, experts, models, runOf } from './fixtures.ts'

/** Bytes on each device as a dry load would print them, without the fit's own measuring. */
function usedBy(run: Run, devices: readonly FitDevice[], flags: PlacementFlags): readonly number[] {
  const placed = { ...run, layout: layoutByFlags(run, devices, flags) }
  const shape = contextShape(run.model, run.settings)
  const options = { flashAttention: true, pipelineParallel: pipelineParallel(placed), fitView: true }
  const compute = computeBuffers(placed, shape, options)
  return estimateStatic(placed).devices.map(({ model, context }, device) => model + context + compute[device]!)
}

type Case = readonly [
  model: keyof typeof models,
  freeMib: readonly number[],
  request: Partial<RunRequest>,
  contextLength: number,
  gpuLayers: number,
  tensorSplit: readonly number[],
  overrides?: readonly string[],
]

// Verified by a second implementation of the fit and of the memory model, which agrees with llama.cpp's own decisions.
const decisions: readonly Case[] = [
  ['dense', [4000], {}, 65_536, -1, [0]],
  ['dense', [2600], {}, 47_104, -1, [0]],
  ['dense', [2600], { parallel: 4 }, 48_128, -1, [0]],
  ['dense', [1500], {}, 4096, 11, [0]],
  ['dense', [1500], { contextLength: tokens(8192) }, 8192, 9, [0]],
  ['dense', [1450, 1400], { contextLength: tokens(8192) }, 8192, -1, [0, 0]],
  ['dense', [1900, 1500], {}, 26_112, 13, [8, 5]],
  ['dense', [1650, 1600], { parallel: 4, kvUnified: true }, 21_504, 13, [6, 7]],
  ['dense', [1100, 1300, 1250], { contextLength: tokens(4096) }, 4096, 11, [0, 6, 5]],
  ['dense', [1300, 1300], { contextLength: tokens(4096), cacheTypeK: 'q8_0', cacheTypeV: 'q8_0' }, 4096, 13, [6, 7]],
  ['dense', [1400, 1300], { contextLength: tokens(8192), flashAttention: 'off' }, 8192, 6, [4, 2]],
  ['mixture', [3000], {}, 4096, 13, [0], [String.raw`blk\.8\.ffn_(gate|gate_up|down).*=CPU`, ...experts(9, 12)]],
  [
    'mixture',
    [2000, 2000],
    { contextLength: tokens(4096) },
    4096,
    13,
    [5, 8],
    [
      String.raw`blk\.4\.ffn_(gate|up|gate_up|down).*=CUDA1`,
      String.raw`blk\.8\.ffn_(gate|up|gate_up|down).*=CPU`,
      ...experts(9, 12),
    ],
  ],
  [
    'mixture',
    [2100, 1800, 1500],
    {},
    4096,
    13,
    [5, 2, 6],
    [
      String.raw`blk\.4\.ffn_(gate|gate_up|down).*=CUDA1`,
      String.raw`blk\.8\.ffn_(gate|gate_up|down).*=CPU`,
      ...experts(9, 12),
    ],
  ],
  ['mixture', [1100, 1200], {}, 4096, 1, [0, 1]],
  ['recurrent', [1400], {}, 65_536, -1, [0]],
  ['recurrent', [1400], { contextLength: tokens(4096), parallel: 16 }, 4096, 3, [0]],
  ['recurrent', [1250, 1350], { contextLength: tokens(4096), parallel: 16 }, 4096, 6, [1, 5]],
]

const cases = decisions.map(([model, freeMib, request, contextLength, gpuLayers, tensorSplit, overrides = []]) => ({
  model,
  freeMib,
  request,
  expected: { contextLength, gpuLayers, tensorSplit, overrides },
}))

describe('fitParameters', () => {
  it.each(cases)('$model on $freeMib, $request', ({ model, freeMib, request, expected }) => {
    const found = fitParameters(runOf(models[model], request), devicesOf(freeMib))
    const { contextLength, gpuLayers, tensorSplit, certainty } = found
    const overrides = found.overrides.map(({ pattern, buffer }) => `${pattern}=${buffer}`)
    expect({ contextLength, gpuLayers, tensorSplit, overrides, certainty }).toEqual({ ...expected, certainty: 'exact' })
  })

  it('resolves flash attention as the engine does', () => {
    const auto = fitParameters(runOf(models.dense, { flashAttention: 'auto' }), devicesOf([1900, 1500]))
    expect(auto).toEqual(fitParameters(runOf(models.dense), devicesOf([1900, 1500])))
  })

  it('counts recurrent states twice: as used and as no longer free', () => {
    const run = runOf(models.recurrent, { contextLength: tokens(4096), parallel: 16 })
    const [first] = fitParameters(run, devicesOf([4000])).steps
    // 16 sequences of 12 blocks: a state of 2048 x 128 and three columns of 4096, in F32.
    const states = 16 * 12 * (2048 * 128 + 3 * 4096) * 4
    const flags = { gpuLayers: -1, tensorSplit: [0], overrides: [] }
    expect(first).toEqual({
      code: 'measured-as-asked',
      contextLength: 4096,
      devices: [{ free: 4000 * MIB - states, used: usedBy(run, devicesOf([4000]), flags)[0], margin: 1024 * MIB }],
      fits: true,
    })
  })

  it('measures with the overrides of the run', () => {
    const run = runOf(models.dense, {}, { overrides: [{ pattern: 'ffn_(up|down)', place: -1 }] })
    const [first] = fitParameters(run, devicesOf([8000])).steps
    const [used] = usedBy(run, devicesOf([8000]), { gpuLayers: -1, tensorSplit: [0], overrides: [] })
    const [usedOtherwise] = usedBy(runOf(models.dense), devicesOf([8000]), {
      gpuLayers: -1,
      tensorSplit: [0],
      overrides: [],
    })
    expect(first?.code === 'measured-as-asked' && first.devices[0]?.used).toBe(used)
    expect(used).toBeLessThan(usedOtherwise!)
  })

  it.each([
    ['one for all', [mebibytes(0)], [0, 0]],
    ['one a device', [mebibytes(10), mebibytes(20)], [10 * MIB, 20 * MIB]],
    ['the default where none is given', [], [1024 * MIB, 1024 * MIB]],
  ])('takes margins, %s', (_, margins, expected) => {
    const [first] = fitParameters(runOf(models.dense), devicesOf([8000, 8000]), { margins }).steps
    expect(first?.code === 'measured-as-asked' && first.devices.map(({ margin }) => margin)).toEqual(expected)
  })

  it.each([
    ['gpu-layers-set', {}, { gpuLayers: 5 }],
    ['tensor-split-set', { tensorSplit: [1, 2] }, {}],
    ['overrides-set', { overrides: [{ pattern: 'ffn_down', place: -1 }] }, {}],
  ] as const)('replaces nothing that the user set: %s', (failure, layout, options) => {
    const found = fitParameters(runOf(models.dense, {}, layout), devicesOf([1000, 1000]), options)
    expect(found).toMatchObject({ outcome: 'failed', failure, contextLength: 4096, overrides: [] })
    expect(found.gpuLayers).toBe('gpuLayers' in options ? options.gpuLayers : -1)
  })

  it.each([
    ['tensor', [8000]],
    ['row', [8000, 8000]],
  ] as const)('refuses split mode %s unmeasured', (splitMode, freeMib) => {
    const found = fitParameters(runOf(models.dense, { splitMode }), devicesOf(freeMib))
    expect(found).toMatchObject({ outcome: 'failed', failure: 'split-mode', measurements: 0 })
  })

  it.each([
    [undefined, { outcome: 'failed', failure: 'host-memory-unknown', contextLength: 0 }],
    [mebibytes(16_000), { outcome: 'unchanged', contextLength: 65_536 }],
    [mebibytes(2600), { outcome: 'fitted' }],
    [mebibytes(1000), { outcome: 'failed', failure: 'host-memory-insufficient', contextLength: 4096 }],
  ])('without a device, fits into %s of RAM', (hostMemoryTotal, expected) => {
    const options = hostMemoryTotal === undefined ? {} : { hostMemoryTotal }
    const found = fitParameters(runOf(models.dense), [], options)
    expect(found).toMatchObject({ ...expected, gpuLayers: -1, tensorSplit: [], overrides: [] })
    if (found.outcome === 'fitted') expect(found.contextLength % 256).toBe(0)
  })

  it('says that an undescribed architecture is assumed', () => {
    expect(fitParameters(runOf(models.unknown), devicesOf([2000])).certainty).toBe('assumed')
  })

  const freeMib = fc.integer({ min: 1, max: 4000 })

  it('gives one device the most layers that fit, found by trying all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1024, max: 1900 }), (mib) => {
        const run = runOf(models.dense, { contextLength: tokens(4096) })
        const devices = devicesOf([mib])
        const fits = (gpuLayers: number): boolean =>
          usedBy(run, devices, { gpuLayers, tensorSplit: [0], overrides: [] })[0]! <= (mib - 1024) * MIB
        const most = Array.from({ length: BLOCKS + 2 }, (_, layers) => layers).findLast(fits) ?? 0
        const found = fitParameters(run, devices)
        expect(found.gpuLayers === -1 ? BLOCKS + 1 : found.gpuLayers).toBe(Math.min(most, BLOCKS + 1))
      }),
      { numRuns: 15 },
    )
  })

  it('keeps the margin of one device when measured again, unless not even an empty one has it', () => {
    fc.assert(
      fc.property(fc.constantFrom(models.dense, models.mixture), freeMib, (model, mib) => {
        const found = fitParameters(runOf(model), devicesOf([mib]))
        const run = runOf(model, { contextLength: found.contextLength })
        expect(found.outcome).not.toBe('failed')
        const [used] = usedBy(run, devicesOf([mib]), found)
        expect(found.gpuLayers === 0 || used! <= (mib - 1024) * MIB).toBe(true)
      }),
      { numRuns: 20 },
    )
  })

  it('changes nothing where everything fits', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(models.dense, models.mixture, models.recurrent),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (model, deviceCount, parallel) => {
          const devices = devicesOf(Array.from({ length: deviceCount }, () => 40_000))
          const tensorSplit = devices.map(() => 0)
          expect(fitParameters(runOf(model, { parallel }), devices)).toMatchObject({
            outcome: 'unchanged',
            contextLength: 65_536 * parallel,
            gpuLayers: -1,
            tensorSplit,
            overrides: [],
            measurements: 1,
          })
        },
      ),
      { numRuns: 12 },
    )
  })

  it('comes to the same when the context it found is asked for', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(models.dense, models.mixture),
        fc.array(freeMib, { minLength: 1, maxLength: 2 }),
        (model, free) => {
          const first = fitParameters(runOf(model), devicesOf(free))
          fc.pre(first.outcome === 'fitted')
          const again = fitParameters(runOf(model, { contextLength: first.contextLength }), devicesOf(free))
          const flagsOf = ({ gpuLayers, tensorSplit, overrides }: PlacementFlags): PlacementFlags => ({
            gpuLayers,
            tensorSplit,
            overrides,
          })
          if (again.outcome === 'fitted') expect(flagsOf(again)).toEqual(flagsOf(first))
          else expect(again.outcome).toBe('unchanged')
        },
      ),
      { numRuns: 15 },
    )
  })
})
