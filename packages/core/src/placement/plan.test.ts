import { describe, expect, it } from 'vitest'
import { engines } from '../engines/index.ts'
import { type RunRequest, requestDefaults } from '../memory/settings.ts'
import { deviceId } from '../ids.ts'
import { bytes, gibibytes, mebibytes, tokens } from '../units.ts'
import { llama70b, llama8b, llamaModel, machineOf, mixture } from './fixtures.ts'
import { judge, plan } from './plan.ts'
import type { Verdict } from './verdict.ts'

const engine = engines['llama.cpp']
const model70b = llamaModel(llama70b)
const model8b = llamaModel(llama8b)
const mixtureModel = llamaModel(mixture)

const ask = (changes: Partial<RunRequest> = {}): RunRequest => ({
  ...requestDefaults,
  contextLength: tokens(8192),
  ...changes,
})
const counts = (verdict: Verdict): readonly number[] | undefined =>
  verdict.fits ? verdict.best.split.devices.map(({ layers }) => layers) : undefined

describe('plan', () => {
  it('splits a 70B model over two cards of 24 GiB so that both keep about the same', () => {
    const verdict = plan({ model: model70b, machine: machineOf([{ gib: 24 }, { gib: 24 }]), engine, request: ask() })
    expect(counts(verdict)).toEqual([41, 40])
  })

  it('finds the one split that fits, with the last block alone beside the output layer', () => {
    const shape = { blocks: 3, embedding: 1024, feedForward: 4096, heads: 4, headsKv: 1, vocabulary: 1024 }
    const verdict = plan({
      model: llamaModel({ ...shape, type: 'q8_0' }),
      machine: machineOf([{ gib: 0.6767578125 }, { gib: 0.728515625 }]),
      engine,
      request: ask({
        ...{ contextLength: tokens(1024), ubatchSize: tokens(1024) },
        ...{ flashAttention: 'on', margin: mebibytes(64) },
      }),
    })
    expect(verdict.fits && verdict.best.split.devices).toEqual([
      { device: 'gpu-1', layers: 2 },
      { device: 'gpu-0', layers: 2 },
    ])
  })

  it('gives the larger card of an uneven pair more', () => {
    const machine = machineOf([{ gib: 16 }, { gib: 48 }])
    const verdict = plan({ model: model70b, machine, engine, request: ask() })
    if (!verdict.fits) throw new Error('does not fit')
    const layersOn = (id: string): number => verdict.best.split.devices.find(({ device }) => device === id)!.layers
    expect(layersOn('gpu-0') + layersOn('gpu-1')).toBe(81)
    expect(layersOn('gpu-1')).toBeGreaterThan(2 * layersOn('gpu-0'))
  })

  it('counts what others hold, by the map before what was measured', () => {
    const machine = machineOf([{ gib: 24, used: 20 }, { gib: 24 }])
    const request = ask()
    expect(counts(plan({ model: model8b, machine, engine, request }))).toEqual([33])
    const freed = plan({ model: model8b, machine, engine, request, used: new Map([[deviceId('gpu-0'), bytes(0)]]) })
    expect(counts(freed)).toEqual([17, 16])
  })

  it('leaves a card out whose memory is taken', () => {
    const machine = machineOf([{ gib: 24, used: 23.5 }, { gib: 24 }])
    const verdict = plan({ model: model8b, machine, engine, request: ask() })
    expect(verdict.fits && verdict.best.split.devices).toEqual([{ device: 'gpu-1', layers: 33 }])
  })

  it('lists every device in order and the host last, zeros for what is not used', () => {
    const machine = machineOf([{ gib: 24, used: 23.5 }, { gib: 24 }], 64)
    const verdict = plan({ model: model8b, machine, engine, request: ask() })
    if (!verdict.fits) throw new Error('fits')
    const { memory } = verdict.best
    expect(memory.map(({ place }) => (place.kind === 'host' ? 'host' : place.device))).toEqual([
      'gpu-0',
      'gpu-1',
      'host',
    ])
    expect(memory[0]).toMatchObject({ model: 0, context: 0, compute: 0, overhead: 0, required: 0 })
    expect(memory[1]!.overhead).toBeGreaterThan(mebibytes(300))
    expect(memory[2]!.capacity).toBe(gibibytes(64))
  })

  it('offers the split over the fewest cards and over all beside the widest', () => {
    const machine = machineOf([{ gib: 24 }, { gib: 24 }, { gib: 24 }])
    const verdict = plan({ model: model8b, machine, engine, request: ask(), preference: 'fewest-devices' })
    expect(counts(verdict)).toEqual([33])
    const widths = verdict.fits ? verdict.others.map(({ split }) => split.devices.length) : []
    expect(widths).toContain(3)
  })

  it('asks for one device only when split mode none is asked for', () => {
    const machine = machineOf([{ gib: 24 }, { gib: 24 }])
    const verdict = plan({ model: model70b, machine, engine, request: ask({ splitMode: 'none' }) })
    expect(verdict.fits).toBe(false)
    expect(!verdict.fits && verdict.nearest?.split.devices).toHaveLength(1)
  })

  it('turns pipeline parallelism off when that is what makes it fit', () => {
    const request = ask({ contextLength: tokens(32768) })
    const machine = (gib: number) => machineOf([{ gib }, { gib }])
    const roomy = plan({ model: model70b, machine: machine(32), engine, request })
    expect(roomy.fits && roomy.best.pipelineParallel).toBe(true)
    const tight = tightest(roomy)
    const lacking = plan({ model: model70b, machine: machine(32 - tight - 0.02), engine, request })
    expect(lacking.fits && lacking.best.pipelineParallel).toBe(false)
    expect(lacking.fits && lacking.best.split.overrides).toEqual([{ pattern: 'pipeline-off', place: -1 }])
  })

  it('keeps the experts of as few blocks as possible on a host that has the room', () => {
    const verdict = plan({ model: mixtureModel, machine: machineOf([{ gib: 24 }], 64), engine, request: ask() })
    if (!verdict.fits) throw new Error('fits')
    const { split } = verdict.best
    expect(split.hostBlocks).toBe(0)
    expect(split.expertsOnHost).toBeGreaterThan(0)
    const fewer = { ...split, expertsOnHost: split.expertsOnHost - 1 }
    const judged = judge({
      model: mixtureModel,
      machine: machineOf([{ gib: 24 }], 64),
      engine,
      request: ask(),
      split: fewer,
    })
    expect(judged.reasons.map(({ code }) => code)).toEqual(['insufficient-memory'])
  })

  it('keeps as few blocks as possible on the host when a dense model lacks room', () => {
    const machine = machineOf([{ gib: 24 }], 64)
    const verdict = plan({ model: model70b, machine, engine, request: ask() })
    if (!verdict.fits) throw new Error('fits')
    const { hostBlocks, devices } = verdict.best.split
    expect(hostBlocks + devices[0]!.layers).toBe(81)
    const split = {
      ...verdict.best.split,
      hostBlocks: hostBlocks - 1,
      devices: [{ ...devices[0]!, layers: devices[0]!.layers + 1 }],
    }
    expect(judge({ model: model70b, machine, engine, request: ask(), split }).reasons).toHaveLength(1)
  })

  it('says no with numbers when the host is too small as well', () => {
    const verdict = plan({ model: model70b, machine: machineOf([{ gib: 8 }], 8), engine, request: ask() })
    expect(verdict.fits).toBe(false)
    if (verdict.fits) return
    expect(verdict.reasons.length).toBeGreaterThan(0)
    for (const reason of verdict.reasons) {
      if (reason.code !== 'insufficient-memory') throw new Error(reason.code)
      expect(reason.requested).toBeGreaterThan(reason.capacity - reason.used - reason.margin)
    }
  })

  it('counts a device that shares the host memory there too', () => {
    const unified = machineOf([{ gib: 48, backend: 'metal', changes: { unified: true } }], 64)
    const verdict = plan({ model: model70b, machine: unified, engine, request: ask() })
    if (!verdict.fits) throw new Error('fits')
    const [device, host] = verdict.best.memory
    expect(host!.used).toBe(device!.required)
  })

  it.each([
    ['no devices', machineOf([]), 'no-devices'],
    ['only devices of a backend that is not planned', machineOf([{ gib: 24, backend: 'rpc' }]), 'no-devices'],
  ])('refuses a machine with %s', (_, machine, code) => {
    const verdict = plan({ model: model8b, machine, engine, request: ask() })
    expect(!verdict.fits && verdict.reasons.map((reason) => reason.code)).toEqual([code])
  })

  it('never splits over two backends, and uses a MIG slice alone', () => {
    const mixed = machineOf([{ gib: 8 }, { gib: 8, backend: 'vulkan' }])
    expect(plan({ model: model8b, machine: mixed, engine, request: ask({ contextLength: tokens(4096) }) }).fits).toBe(
      true,
    )
    const verdict = plan({
      model: model70b,
      machine: machineOf([{ gib: 24 }, { gib: 24, backend: 'vulkan' }]),
      engine,
      request: ask(),
    })
    expect(verdict.fits).toBe(false)
    const slices = machineOf([
      { gib: 80 },
      { gib: 20, changes: { migParent: 'GPU-00000000-0000-0000-0000-000000000000' } },
      { gib: 20, changes: { migParent: 'GPU-00000000-0000-0000-0000-000000000000' } },
    ])
    const small = plan({ model: model8b, machine: slices, engine, request: ask() })
    expect(small.fits && small.best.split.devices.map(({ device }) => device)).toEqual(['gpu-1'])
    expect(plan({ model: model70b, machine: slices, engine, request: ask() }).fits).toBe(false)
  })
})

const tightest = (verdict: Verdict): number =>
  verdict.fits
    ? Math.min(...verdict.best.memory.filter(({ place }) => place.kind === 'device').map(({ headroom }) => headroom)) /
      2 ** 30
    : NaN

describe('judge', () => {
  const machine = machineOf([{ gib: 24 }, { gib: 24 }])
  const split = (...layers: readonly number[]) => ({
    devices: layers.map((count, at) => ({ device: deviceId(`gpu-${at}`), layers: count })),
    hostBlocks: 0,
    expertsOnHost: 0,
    overrides: [],
  })

  it('counts a split made by hand and keeps every reason', () => {
    const judged = judge({
      model: model70b,
      machine,
      engine,
      request: ask({ contextLength: tokens(65536) }),
      split: split(40, 41),
    })
    expect(judged.reasons.map(({ code }) => code)).toEqual(['insufficient-memory', 'insufficient-memory'])
    expect(judged.placement?.split.devices).toHaveLength(2)
  })

  it('drops devices without layers', () => {
    const judged = judge({ model: model8b, machine, engine, request: ask(), split: split(0, 33) })
    expect(judged.placement?.split.devices).toEqual([{ device: 'gpu-1', layers: 33 }])
  })

  it.each([
    ['a layer too few', split(40, 40)],
    ['a layer too many', split(41, 41)],
    ['half a layer', split(40.5, 40.5)],
  ])('refuses %s', (_, wrong) => {
    const judged = judge({ model: model70b, machine, engine, request: ask(), split: wrong })
    expect(judged.placement).toBeUndefined()
    expect(judged.reasons[0]!.code).toBe('split-does-not-cover-layers')
  })

  it('names devices that are not there, or named twice', () => {
    const [first] = split(40, 41).devices
    const twice = { ...split(40, 41), devices: [first!, { ...first!, layers: 41 }] }
    const stranger = { ...split(81), devices: [{ device: deviceId('gpu-9'), layers: 81 }] }
    const request = ask()
    expect(judge({ model: model70b, machine, engine, request, split: twice }).reasons[0]).toMatchObject({
      code: 'device-not-usable',
      because: 'named-twice',
    })
    expect(judge({ model: model70b, machine, engine, request, split: stranger }).reasons[0]).toMatchObject({
      code: 'device-not-usable',
      because: 'unknown-device',
    })
  })
})
