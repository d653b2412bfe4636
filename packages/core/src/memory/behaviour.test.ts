import { describe, expect, it } from 'vitest'
import { contextShape } from '../context/shape.ts'
import { llama8b, llamaModel, machineOf } from '../placement/fixtures.ts'
import { mebibytes, tokens } from '../units.ts'
import { behaviourChanges, behaviourOf } from './behaviour.ts'
import { estimateMemory } from './estimate.ts'
import { overhead } from './overhead.ts'
import { requestDefaults, type RunSettings } from './settings.ts'

const model = llamaModel({ ...llama8b, blocks: 8, vocabulary: 32_000 })
const settingsOf = (build: number | undefined, change: Partial<RunSettings> = {}): RunSettings => ({
  ...requestDefaults,
  contextLength: tokens(32_768),
  outputsMax: 1,
  pipelineAllowed: true,
  flashAttention: 'on',
  ...change,
  ...(build !== undefined && { llamaCppBuild: build }),
})

const [before, after] = [-1, 0]
const buildOf = (source: string): number => behaviourChanges.find((change) => change.source.includes(source))!.build

describe('behaviourOf', () => {
  it('is today’s where no build is named, and for every later build', () => {
    expect(behaviourOf(undefined)).toEqual(behaviourOf(99_999))
  })

  it('takes back one change after the other', () => {
    const builds = behaviourChanges.map(({ build }) => build)
    expect(builds).toEqual(builds.toSorted((left, right) => right - left))
    for (const { build, before: earlier } of behaviourChanges) {
      expect(behaviourOf(build - 1)).toMatchObject(earlier)
      expect(behaviourOf(build)).not.toMatchObject(earlier)
    }
  })
})

describe('contextShape', () => {
  const windowed = { ...model, slidingWindow: 1024 }

  it.each([
    ['#13194', { parallel: 1 }, { windowCells: 32_768 }, { windowCells: 1536 }],
    ['#14363', { parallel: 4 }, { streams: 1, contextPerSequence: 32_768 }, { streams: 4, contextPerSequence: 8192 }],
    [
      '#17046',
      { contextLength: tokens(1000), flashAttention: 'off' },
      { contextLength: 1024 },
      { contextLength: 1024 },
    ],
    ['#17046', { contextLength: tokens(900), flashAttention: 'off' }, { contextLength: 928 }, { contextLength: 1024 }],
    [
      '#17046',
      { contextLength: tokens(900), flashAttention: 'auto' },
      { contextLength: 1024 },
      { contextLength: 1024 },
    ],
    ['#23861', { outputsMax: 2 }, { promptOutputs: 512 }, { promptOutputs: 2 }],
  ] as const)('changed with %s: %o', (source, change, old, now) => {
    const shape = (shift: number): unknown => contextShape(windowed, settingsOf(buildOf(source) + shift, change))
    expect(shape(before)).toMatchObject(old)
    expect(shape(after)).toMatchObject(now)
  })
})

describe('estimateMemory', () => {
  const layout = {
    splitMode: 'none',
    deviceCount: 1,
    layers: Array.from({ length: 9 }, () => 0),
    overrides: [],
  } as const
  const computeAt = (build: number, change: Partial<RunSettings> = {}): number =>
    estimateMemory({ model, settings: settingsOf(build, change), layout }).devices[0]!.compute

  /** The catalogue holds such builds to logged figures; here only which way each change went. */
  it.each<readonly [source: string, change: Partial<RunSettings>, direction: 1 | -1]>([
    // An F32 mask beside its F16 cast.
    ['#23764', {}, 1],
    // Logits of a whole ubatch.
    ['#23861', {}, 1],
    // F16 copies of K and V of a block.
    ['#23907', { cacheTypeK: 'q8_0', cacheTypeV: 'q8_0' }, -1],
    // Rotated K and V are stored earlier, so the memory beneath them is free for the rest of the block.
    ['#21038', { cacheTypeK: 'q8_0', cacheTypeV: 'q8_0' }, 1],
  ])('%s: what a device needed before against after', (source, change, direction) => {
    const build = buildOf(source)
    expect(Math.sign(computeAt(build - 1, change) - computeAt(build, change))).toBe(direction)
  })

  it.each(['#21038', '#23907'])('%s changed nothing for an unquantized cache', (source) => {
    const build = buildOf(source)
    expect(computeAt(build - 1)).toBe(computeAt(build))
  })
})

describe('overhead', () => {
  const device = machineOf([{ gib: 24 }]).devices[0]!
  const poolAt = (build: number, cache: 'f16' | 'q8_0'): { readonly name: string; readonly bytes: number } => {
    const settings = settingsOf(build, { cacheTypeK: cache, cacheTypeV: cache, contextLength: tokens(65_536) })
    const { terms } = overhead({ device, model, settings, flashAttention: true, holdsOutput: true })
    return terms.find(({ when, source }) => when === 'first-prompt' && !source.includes('cublas'))!
  }

  it('converts a quantized cache in the pool before #23907: it fits at load, and grows at the first prompt', () => {
    const build = buildOf('#23907')
    expect(poolAt(build - 1, 'q8_0')).toMatchObject({ name: 'converted cache' })
    expect(poolAt(build - 1, 'q8_0').bytes).toBeGreaterThan(mebibytes(256))
    expect(poolAt(build, 'q8_0').bytes).toBe(poolAt(build, 'f16').bytes)
    expect(poolAt(build - 1, 'f16')).toEqual(poolAt(build, 'f16'))
  })
})
