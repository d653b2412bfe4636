import {
  type Bytes,
  bytes,
  deviceId,
  gibibytes,
  HOST,
  machineId,
  type LayerSplit,
  type Machine,
  mebibytes,
  PIPELINE_OFF,
  type Placement,
  type PlaceMemory,
  requestDefaults,
  type Verdict,
} from '@berth/core'
import { describe, expect, it } from 'vitest'
import {
  bestFirst,
  devicesSummary,
  layerCount,
  layerHolders,
  offersOf,
  placeName,
  verdictKind,
} from './verdict-view.ts'

const machine = (name: string, ...devices: readonly string[]): Machine => ({
  id: machineId(name),
  name,
  links: [],
  devices: devices.map((device, index) => ({
    id: deviceId(`${name}-${index}`),
    index,
    name: device,
    backend: 'cuda',
    memoryTotal: gibibytes(24),
    memory: {},
    unified: false,
  })),
})

const place = (where: string, headroom: Bytes): PlaceMemory => ({
  place: where === 'host' ? { kind: 'host' } : { kind: 'device', device: deviceId(where) },
  model: bytes(0),
  context: bytes(0),
  compute: bytes(0),
  overhead: bytes(0),
  atFirstPrompt: bytes(0),
  required: gibibytes(1),
  capacity: gibibytes(24),
  used: bytes(0),
  margin: bytes(0),
  headroom,
  certainty: { model: 'exact', context: 'exact', compute: 'exact', overhead: 'upper-bound' },
})

const placement = (memory: readonly PlaceMemory[], split: Partial<LayerSplit> = {}): Placement => ({
  machine: machineId('m'),
  model: 'a model',
  engine: 'llama.cpp',
  engineVersion: '0.5.0-dev',
  settings: { ...requestDefaults, outputsMax: 1, pipelineAllowed: true },
  split: { devices: [], hostBlocks: 0, expertsOnHost: 0, overrides: [], ...split },
  memory,
  pipelineParallel: false,
  flashAttention: true,
})

const fits = (headroom: Bytes, split: Partial<LayerSplit> = {}): Verdict => ({
  fits: true,
  best: placement([place('a', headroom), place('host', gibibytes(1))], split),
  others: [],
})

const refused: Verdict = { fits: false, reasons: [{ code: 'no-devices', machine: machineId('m') }], remedies: [] }

describe('verdictKind', () => {
  it.each([
    ['fits', fits(gibibytes(4))],
    ['tight', fits(mebibytes(200))],
    ['host', fits(gibibytes(4), { hostBlocks: 3 })],
    ['host', fits(gibibytes(4), { expertsOnHost: 3 })],
    // turns pipeline parallelism off and moves nothing
    ['fits', fits(gibibytes(4), { overrides: [PIPELINE_OFF] })],
    ['host', fits(gibibytes(4), { overrides: [{ pattern: 'blk\\.0\\.', place: HOST }] })],
    ['no', refused],
  ])('%s', (kind, verdict) => expect(verdictKind(verdict)).toBe(kind))
})

describe('bestFirst', () => {
  it('puts what fits first, then the most to spare, and what was refused outright last', () => {
    const lacking: Verdict = {
      fits: false,
      reasons: [],
      nearest: placement([place('a', mebibytes(-500))]),
      remedies: [],
    }
    const hostLacking: Verdict = {
      fits: false,
      reasons: [],
      nearest: placement([place('a', gibibytes(20)), place('host', gibibytes(-9))]),
      remedies: [],
    }
    const entries = [
      { machine: machine('host-lacking'), verdict: hostLacking },
      { machine: machine('refused'), verdict: refused },
      { machine: machine('lacking'), verdict: lacking },
      { machine: machine('roomy'), verdict: fits(gibibytes(9)) },
      { machine: machine('snug'), verdict: fits(gibibytes(1)) },
      { machine: machine('also-refused'), verdict: refused },
    ]
    expect(bestFirst(entries).map((entry) => entry.machine.name)).toEqual([
      'roomy',
      'snug',
      'lacking',
      'host-lacking',
      'also-refused',
      'refused',
    ])
  })
})

describe('offersOf', () => {
  it('numbers the best before the others', () => {
    const best = placement([])
    const other = placement([], { hostBlocks: 1 })
    expect(offersOf({ fits: true, best, others: [other] }).map(({ origin }) => origin)).toEqual(['best', 'other'])
  })
  it('numbers the nearest before the remedies, and has none where the engine refuses', () => {
    const nearest = placement([])
    const remedies = [{ remedy: { code: 'flash-attention' }, cost: 'nothing', placement: placement([]) }] as const
    expect(offersOf({ fits: false, reasons: [], nearest, remedies }).map(({ origin }) => origin)).toEqual([
      'nearest',
      'remedy',
    ])
    expect(offersOf(refused)).toEqual([])
  })
})

describe('layers', () => {
  const split = {
    hostBlocks: 2,
    devices: [
      { device: deviceId('a'), layers: 3 },
      { device: deviceId('b'), layers: 1 },
    ],
  }
  it('start on the host and end with the output layer', () => {
    expect(layerHolders(placement([], split))).toEqual(['host', 'host', 0, 0, 0, 1])
  })
  it('are counted over all places', () => {
    expect(layerCount(placement([], split))).toBe(6)
  })
})

describe('names', () => {
  const lab = machine('lab', 'RTX 3090', 'RTX 3090', 'A40')
  it('count devices of one name together', () => {
    expect(devicesSummary(lab)).toBe('2 × RTX 3090, A40')
    expect(devicesSummary(machine('none'))).toBe('')
  })
  it.each([
    ['NVIDIA GeForce RTX 3090', 'RTX 3090'],
    ['NVIDIA A100-SXM4-80GB', 'A100-SXM4-80GB'],
    ['AMD Radeon RX 7900 XTX', 'RX 7900 XTX'],
    ['AMD Instinct MI300X', 'Instinct MI300X'],
    // an integrated GPU has no other name
    ['AMD Radeon Graphics', 'Radeon Graphics'],
    ['NVIDIA GeForce', 'GeForce'],
    ['Apple M4 Max', 'Apple M4 Max'],
  ])('write %s as %s', (full, short) => expect(devicesSummary(machine('lab', full))).toBe(short))
  it('tell GPUs apart by their index', () => {
    expect(placeName({ kind: 'device', device: deviceId('lab-2') }, lab)).toBe('GPU 2')
    expect(placeName({ kind: 'device', device: deviceId('gone') }, lab)).toBe('GPU')
    expect(placeName({ kind: 'host' }, lab)).toBe('Host memory')
  })
})
