import {
  describeModel,
  deviceId,
  type Engine,
  engineAlone,
  engineOf,
  engines,
  explainReason,
  type JudgedSplit,
  judge,
  type Machine,
  machineId,
  mebibytes,
  MIB,
  type OperatingSystem,
  plan,
  requestDefaults,
  tokens,
} from '@berth/core'
import { describe, expect, it } from 'vitest'
import { catalogueHeader } from './catalogue-model.ts'
import { findCatalogueModel } from './models/models.ts'

/**
 * github.com/LostRuins/koboldcpp/issues/800, April 2024: Llama 3 8B Q4_K_M with all 33 layers on a laptop's RTX 3050 Ti of
 * 4 GB under Windows. No error, and not a hundredth of a token a second; 20 layers mended it.
 */
const described = describeModel(catalogueHeader(findCatalogueModel('llama-3-8b')!, 'Q4_K_M'))
if (!described.ok) throw new Error(described.issue.code)
const model = described.value

const laptop = (os: OperatingSystem): Machine => ({
  id: machineId('laptop'),
  name: 'laptop',
  os,
  hostMemoryTotal: mebibytes(16_384),
  devices: [
    {
      id: deviceId('gpu-0'),
      index: 0,
      name: 'NVIDIA GeForce RTX 3050 Ti Laptop GPU',
      backend: 'cuda',
      memoryTotal: mebibytes(4096),
      memory: {},
      unified: false,
      architecture: '8.6',
    },
  ],
  links: [],
})

const april: Engine = engineOf('koboldcpp', '1.63')!
/** No margin: the question is what fails, or crawls, and what does not. */
const ask = (context: number) => ({ ...requestDefaults, contextLength: tokens(context), margin: mebibytes(0) })

const withLayers = (layers: number, context: number, engine = april, os: OperatingSystem = 'windows'): JudgedSplit =>
  judge({
    ...{ model, engine, machine: laptop(os), request: ask(context) },
    split: {
      devices: [{ device: deviceId('gpu-0'), layers }],
      ...{ hostBlocks: 33 - layers, expertsOnHost: 0, overrides: [] },
    },
  })

const sentences = ({ reasons }: JudgedSplit, os: OperatingSystem): readonly string[] =>
  reasons.map((reason) => explainReason(reason, laptop(os)))

describe('33 layers of Llama 3 8B Q4_K_M on a card of 4 GB', () => {
  it('are a file of 4685.30 MiB, of which the card would get all but the token embeddings', () => {
    expect((model.weightBytes / MIB).toFixed(2)).toBe('4685.30')
    const [card] = withLayers(33, 4096).placement!.memory
    expect((card!.model / MIB).toFixed(2)).toBe('4403.49')
  })

  it.each(['windows', 'linux'] as const)('do not fit, which %s has its own way to tell', (os) => {
    const [reason, ...others] = withLayers(33, 4096, april, os).reasons
    expect(others).toEqual([])
    expect(reason).toMatchObject({ code: 'insufficient-memory', capacity: mebibytes(4096), used: 0 })
    expect(reason).toHaveProperty('requested')
    expect('spills' in reason!).toBe(os === 'windows')
  })

  it('crawl on Windows, in words', () => {
    expect(sentences(withLayers(33, 4096), 'windows')).toEqual([
      'GPU 0 (NVIDIA GeForce RTX 3050 Ti Laptop GPU) needs 5.80 GiB; 4.00 GiB are left of 4.00 GiB; short by 1.80 GiB. It will not fail: Windows’ driver puts what is missing into shared system memory, and the run crawls. NVIDIA Control Panel, CUDA - Sysmem Fallback Policy, turns that into an error.',
    ])
    expect(sentences(withLayers(33, 4096, april, 'linux'), 'linux')).toEqual([
      'GPU 0 (NVIDIA GeForce RTX 3050 Ti Laptop GPU) needs 5.80 GiB; 4.00 GiB are left of 4.00 GiB; short by 1.80 GiB.',
    ])
  })
})

describe('layers that do fit, with the compute buffer and the driver counted', () => {
  it.each([
    // KoboldCpp's context of that spring where none was asked for.
    [2048, 22],
    [4096, 19],
    [8192, 15],
  ])('beside a context of %i: %i', (context, layers) => {
    expect(withLayers(layers, context).reasons).toEqual([])
    expect(withLayers(layers + 1, context).reasons).not.toEqual([])
    const verdict = plan({ model, engine: april, machine: laptop('windows'), request: ask(context) })
    expect(verdict.fits && verdict.best.split).toMatchObject({ devices: [{ layers }], hostBlocks: 33 - layers })
  })

  it('leave about 1 GiB for the compute buffer and the driver, as the advice of the time was', () => {
    const [card] = withLayers(19, 4096).placement!.memory
    expect((card!.compute + card!.overhead) / MIB).toBeCloseTo(1009.75, 1)
  })

  it('were 20 in the thread, 1.1 MiB more than the bounds admit beside a context of 4096', () => {
    const [card] = withLayers(20, 4096).placement!.memory
    expect(-card!.headroom / MIB).toBeCloseTo(1.1, 1)
    expect(withLayers(20, 2048).reasons).toEqual([])
  })

  it('are more with the flash attention of today', () => {
    expect(withLayers(21, 4096, engines.koboldcpp).reasons).toEqual([])
    expect(withLayers(22, 4096, engines.koboldcpp).reasons).not.toEqual([])
  })

  it('are found by KoboldCpp itself since it has an autofit, with 1 GiB left free', () => {
    const input = { model, engine: engines.koboldcpp, machine: laptop('windows'), request: ask(4096) }
    const found = engineAlone(input)!
    expect(found.outcome).toBe('fitted')
    expect(found.placement.split).toMatchObject({ devices: [{ layers: 15 }], hostBlocks: 18 })
    expect(found.reasons).toEqual([])
    expect(engineAlone({ ...input, engine: april })).toBeUndefined()
  })
})

it('does not speak of shared memory where only a margin is lacking', () => {
  const request = { ...ask(2048), margin: mebibytes(1024) }
  const [reason] = judge({
    ...{ model, engine: april, machine: laptop('windows'), request },
    split: { devices: [{ device: deviceId('gpu-0'), layers: 20 }], hostBlocks: 13, expertsOnHost: 0, overrides: [] },
  }).reasons
  expect(reason).toMatchObject({ code: 'insufficient-memory' })
  expect(reason).not.toHaveProperty('spills')
})
