import { describe, expect, it } from 'vitest'
import { deviceId } from '../ids.ts'
import { gibibytes, mebibytes } from '../units.ts'
import { explainDeviceMemory, explainMemoryTotal } from './explain-memory-total.ts'
import type { Device, MemoryFigures } from './machine.ts'
import { memoryTotal } from './memory-total.ts'

const mib = (count: number) => ({ bytes: mebibytes(count), provenance: 'measured' as const })
const gpu = (memory: MemoryFigures, change: Partial<Device> = {}): Device => ({
  id: deviceId('a'),
  index: 0,
  name: 'a GPU',
  backend: 'cuda',
  memoryTotal: memoryTotal(memory),
  memory,
  unified: false,
  ...change,
})

describe('explainMemoryTotal', () => {
  it.each<[string, Device, string]>([
    ['reported alone', gpu({ reported: mib(24_576) }), 'The reported 24.00 GiB.'],
    [
      'reported and the driver',
      gpu({ reported: mib(24_576), driverReserved: mib(316) }),
      'The reported 24.00 GiB, less the driver’s 316 MiB.',
    ],
    [
      'runtime below it',
      gpu({ reported: mib(24_576), runtime: mib(24_115), driverReserved: mib(316) }),
      'What a process sees, 23.55 GiB, which is less than what is reported without the driver’s share.',
    ],
    ['runtime alone', gpu({ runtime: mib(24_115) }), 'What a process sees, 23.55 GiB.'],
    ['nominal alone', gpu({ nominal: mib(24_576) }), 'The nominal 24.00 GiB, for nothing was read.'],
    [
      'a reserve',
      gpu({ reported: mib(24_576), policyReserved: mib(2048) }),
      'The reported 24.00 GiB, less the 2.00 GiB that your team keeps back.',
    ],
    [
      'Metal',
      gpu({ nominal: mib(131_072), runtime: mib(98_304) }, { backend: 'metal', unified: true }),
      'What Metal lets a process have of the 128.00 GiB that it shares with the host.',
    ],
    [
      'integrated, unknown',
      gpu({}, { unified: true }),
      'Nothing, for no tool said what it has: it has none of its own, and no tool said how much of the host’s it may use.',
    ],
    ['unknown', gpu({}), 'Nothing, for no tool said what it has.'],
    ['typed', gpu({}, { memoryTotal: gibibytes(20) }), '20.00 GiB, typed as such.'],
  ])('%s', (_, device, sentence) => expect(explainMemoryTotal(device, { devices: [device] })).toBe(sentence))

  it('says that a card cut into slices is not planned on', () => {
    const parent = gpu({ reported: mib(40_960) }, { uuid: 'GPU-a' })
    const slice = gpu({ reported: mib(19_968) }, { id: deviceId('s'), migParent: 'GPU-a' })
    const machine = { devices: [parent, slice] }
    expect(explainMemoryTotal(parent, machine)).toBe('The card is cut into MIG slices, and plans use those.')
    expect(explainMemoryTotal(slice, machine)).toBe('The reported 19.50 GiB.')
    expect(explainDeviceMemory(parent, machine)).toEqual(['Cut into MIG slices. Each slice is planned on by itself.'])
    expect(explainDeviceMemory(slice, machine)).toEqual([
      'A MIG slice: one process sees one slice, so no model is split over two.',
    ])
  })
})

describe('explainDeviceMemory', () => {
  it.each<[string, Device, readonly string[]]>([
    ['a plain card', gpu({ reported: mib(24_576) }), []],
    [
      'ECC below the nominal size',
      gpu({ nominal: mib(49_152), reported: mib(46_068) }, { eccEnabled: true }),
      ['ECC is on: the reported total leaves out what it takes, a part of the 3.01 GiB below the nominal size.'],
    ],
    [
      'ECC, nominal unknown',
      gpu({ reported: mib(46_068) }, { eccEnabled: true }),
      ['ECC is on: the reported total leaves out what it takes, if it takes any.'],
    ],
    [
      'Apple',
      gpu({ nominal: mib(65_536) }, { backend: 'metal', unified: true }),
      [
        'Shares the host’s memory. macOS lets the GPU have a part of it, by default two thirds or three quarters (sysctl iogpu.wired_limit_mb), and plans go by that part.',
      ],
    ],
    [
      'integrated',
      gpu({ runtime: mib(16_384) }, { backend: 'vulkan', unified: true }),
      ['An integrated GPU: what a plan puts on it is taken from the host’s memory, and counted there too.'],
    ],
  ])('%s', (_, device, notes) => expect(explainDeviceMemory(device, { devices: [device] })).toEqual(notes))
})
