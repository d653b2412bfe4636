import { describe, expect, it } from 'vitest'
import { engines } from '../../engines/index.ts'
import { deviceId } from '../../ids.ts'
import type { Device } from '../../machine/machine.ts'
import { requestDefaults } from '../../memory/settings.ts'
import { type CardShape, llama8b, llamaModel, machineOf } from '../../placement/fixtures.ts'
import { plan } from '../../placement/plan.ts'
import type { Placement } from '../../placement/verdict.ts'
import { gibibytes, tokens } from '../../units.ts'
import { driftOf, promiseDriftOf } from './drift.ts'
import { explainDrift } from './explain.ts'
import { type Inventory, inventoryOf, inventoryOfPromise, type MachineToday } from './inventory.ts'
import { weighAtAGlance } from './severity.ts'

const model = llamaModel(llama8b)
const engine = engines['llama.cpp']
const request = { ...requestDefaults, contextLength: tokens(8192) }

const slot = (index: number, changes: Partial<Device> = {}): CardShape => ({
  gib: 8,
  changes: { pciBusId: `00000000:0${index + 1}:00.0`, ...changes },
})
/** Two cards, which the model needs both of, and a third that it leaves alone. */
const lab: MachineToday = {
  ...machineOf([slot(0), slot(1), { ...slot(2), gib: 2 }], 64),
  driverVersion: '570.86.10',
  maintenance: null,
}

function placed(machine: MachineToday): Placement {
  const verdict = plan({ model, engine, request, machine })
  if (!verdict.fits) throw new Error('does not fit')
  return verdict.best
}

const saved = (machine: MachineToday = lab): Inventory => inventoryOf(machine, placed(machine))

const change = (id: string, changes: Partial<Device>, machine = lab): MachineToday => ({
  ...machine,
  devices: machine.devices.map((device) => (device.id === id ? { ...device, ...changes } : device)),
})

const without = (id: string, more: Partial<MachineToday> = {}, machine = lab): MachineToday => ({
  ...machine,
  devices: machine.devices.filter((device) => device.id !== id).map((device, index) => ({ ...device, index })),
  ...more,
})

const uuidless = (machine: MachineToday): MachineToday => ({
  ...machine,
  devices: machine.devices.map(({ uuid: _, ...device }) => device),
})

/** What is found, as it is told. */
const told = (then: Inventory, now: MachineToday | undefined) =>
  weighAtAGlance(driftOf(then, now)).map((finding) => [finding.severity, explainDrift(finding)])

describe('what a plan relies on', () => {
  it('is the devices that hold something, the host, and the split', () => {
    const inventory = saved()
    expect(inventory).toMatchObject({
      driverVersion: '570.86.10',
      maintenance: false,
      devices: [
        {
          id: 'gpu-0',
          index: 0,
          name: 'card of 8 GiB',
          backend: 'cuda',
          uuid: lab.devices[0]!.uuid,
          pciBusId: '00000000:01:00.0',
          architecture: '8.6',
          memoryTotal: gibibytes(8),
          held: 0,
        },
        { id: 'gpu-1' },
      ],
      host: { memoryTotal: gibibytes(64), held: 0 },
      offloadKqv: true,
    })
    expect(inventory.devices).toHaveLength(2)
    expect(inventory.split?.devices.map(({ device }) => device)).toEqual(['gpu-0', 'gpu-1'])
    for (const { needed, memoryTotal } of inventory.devices) {
      expect(needed).toBeGreaterThan(request.margin)
      expect(needed).toBeLessThanOrEqual(memoryTotal)
    }
  })

  it('survives being stored', () => {
    const inventory = saved()
    expect(JSON.parse(JSON.stringify(inventory))).toEqual(inventory)
  })

  it('says what others held, and is silent where no tool told of the host', () => {
    const { hostMemoryTotal: _, ...hostless } = change('gpu-0', {
      memoryUsed: gibibytes(1),
      memoryReserved: gibibytes(0.5),
    })
    const inventory = saved(hostless)
    const { required } = placed(hostless).memory[0]!
    expect(inventory.devices[0]).toMatchObject({
      held: gibibytes(1.5),
      needed: required + gibibytes(1.5) + request.margin,
    })
    expect(inventory.host).toBeUndefined()
    expect(told(inventory, lab)).toEqual([])
  })
})

describe('what a promise of bytes relies on', () => {
  const memory = [
    { place: { kind: 'device', device: deviceId('gpu-1') }, bytes: gibibytes(6) },
    { place: { kind: 'host' }, bytes: gibibytes(10) },
  ] as const
  const promise = (split: Inventory['split'] | null = null) => inventoryOfPromise(lab, memory, split)
  const found = (now: MachineToday) =>
    weighAtAGlance(promiseDriftOf(promise(), now)).map((finding) => [finding.severity, explainDrift(finding)])

  it('is its places, by their bytes', () => {
    expect(promise()).toMatchObject({
      devices: [{ id: 'gpu-1', memoryTotal: gibibytes(8), held: 0, needed: gibibytes(6) }],
      host: { memoryTotal: gibibytes(64), held: 0, needed: gibibytes(10) },
    })
    expect(promise()).not.toHaveProperty('split')
    expect(promise(saved().split!).split).toEqual(saved().split)
  })

  it.each<readonly [string, MachineToday, readonly (readonly [string, string])[]]>([
    ['nothing has changed', { ...lab, hostMemoryReserved: gibibytes(64) }, []],
    ['another card has shrunk', change('gpu-0', { memoryTotal: gibibytes(1), memoryReserved: gibibytes(8) }), []],
    ['only what runs a model is another', change('gpu-1', { architecture: '12.0', backend: 'vulkan' }), []],
    ['the card is gone', without('gpu-1'), [['breaks', 'GPU 1 (card of 8 GiB) is gone.']]],
    [
      'it still fits a card that has shrunk',
      change('gpu-1', { memoryTotal: gibibytes(7), memoryReserved: gibibytes(7) }),
      [['info', 'GPU 1 (card of 8 GiB) has 7.00 GiB instead of 8.00 GiB, 1.00 GiB less; 6.00 GiB of it is needed.']],
    ],
    [
      'all that is promised of it does not',
      change('gpu-1', { memoryTotal: gibibytes(7), memoryReserved: gibibytes(8) }),
      [
        [
          'may-break',
          'GPU 1 (card of 8 GiB) has 7.00 GiB, and 8.00 GiB of it is reserved at most: more than there is.',
        ],
        ['info', 'GPU 1 (card of 8 GiB) has 7.00 GiB instead of 8.00 GiB, 1.00 GiB less; 6.00 GiB of it is needed.'],
      ],
    ],
    [
      'of the host as well',
      { ...lab, hostMemoryTotal: gibibytes(32), hostMemoryReserved: gibibytes(40) },
      [
        ['may-break', 'The host has 32.00 GiB, and 40.00 GiB of it is reserved at most: more than there is.'],
        ['info', 'The host has 32.00 GiB instead of 64.00 GiB, 32.00 GiB less; 10.00 GiB of it is needed.'],
      ],
    ],
  ])('%s', (_, now, expected) => {
    expect(found(now)).toEqual(expected)
  })

  it('is gone with its machine', () => {
    expect(promiseDriftOf(promise(), undefined)).toEqual([{ code: 'machine-gone' }])
  })
})

describe('what has drifted', () => {
  const needed = (at: number) => saved().devices[at]!.needed
  it.each<readonly [string, MachineToday | undefined, readonly (readonly [string, RegExp | string])[]]>([
    ['nothing, when nothing has changed', lab, []],
    ['nothing, when others use more', change('gpu-0', { memoryUsed: gibibytes(7) }), []],
    ['nothing, when a card it does not use goes', without('gpu-2'), []],
    ['nothing, when a card is only called otherwise', change('gpu-0', { name: 'the left one' }), []],
    ['nothing, when the tools that were read last tell no driver', (({ driverVersion: _, ...rest }) => rest)(lab), []],
    ['the machine', undefined, [['breaks', 'Its machine is gone.']]],
    [
      'a card that is missing',
      without('gpu-1', {
        missingDevices: [{ id: deviceId('gpu-1'), missingSince: '2026-05-01T10:00:00.000Z' }],
      }),
      [['breaks', 'GPU 1 (card of 8 GiB) is gone.']],
    ],
    [
      'a card with another in its slot',
      change('gpu-1', { id: deviceId('gpu-9'), uuid: 'GPU-9', name: 'RTX 4090' }),
      [['breaks', 'GPU 1 (card of 8 GiB) is gone; RTX 4090 is in its place.']],
    ],
    [
      'a card that is another under the same id',
      change('gpu-1', { uuid: 'GPU-9' }),
      [['may-break', 'GPU 1 (card of 8 GiB) is gone; another of the same name is in its place.']],
    ],
    [
      'a card cut into slices',
      { ...lab, devices: [...lab.devices, { ...lab.devices[2]!, id: deviceId('mig-0'), migParent: 'gpu-1' }] },
      [['breaks', 'GPU 1 (card of 8 GiB) is cut into MIG slices now and runs nothing itself.']],
    ],
    [
      'less memory than the split needs',
      change('gpu-0', { memoryTotal: gibibytes(2) }),
      [
        [
          'may-break',
          /^GPU 0 \(card of 8 GiB\) has 2\.00 GiB instead of 8\.00 GiB, 6\.00 GiB less; .* of it is needed\.$/,
        ],
      ],
    ],
    [
      'less memory, and still enough',
      change('gpu-0', { memoryTotal: needed(0) }),
      [['info', /less; .* of it is needed/]],
    ],
    [
      'more memory',
      change('gpu-0', { memoryTotal: gibibytes(9) }),
      [['info', 'GPU 0 (card of 8 GiB) has 9.00 GiB instead of 8.00 GiB, 1.00 GiB more.']],
    ],
    [
      'another backend',
      change('gpu-0', { backend: 'vulkan' }),
      [
        [
          'may-break',
          'GPU 0 (card of 8 GiB) is driven by vulkan instead of cuda: another build of the engine runs on it.',
        ],
      ],
    ],
    [
      'another architecture',
      change('gpu-0', { architecture: '12.0' }),
      [
        [
          'may-break',
          'GPU 0 (card of 8 GiB) is of architecture 12.0 instead of architecture 8.6; the driver’s share is counted by it.',
        ],
      ],
    ],
    [
      'less host memory',
      { ...lab, hostMemoryTotal: gibibytes(1) },
      [['may-break', /^The host has 1\.00 GiB instead of 64\.00 GiB, 63\.00 GiB less; .* of it is needed\.$/]],
    ],
    ['a new driver', { ...lab, driverVersion: '580.12' }, [['info', 'The driver was 570.86.10 and is 580.12.']]],
    [
      'a machine that is in maintenance',
      { ...lab, maintenance: { since: '2026-05-01T10:00:00.000Z' } },
      [['may-break', 'Its machine is in maintenance now.']],
    ],
  ])('%s', (_, now, expected) => {
    expect(told(saved(), now)).toEqual(
      expected.map(([severity, sentence]) => [
        severity,
        typeof sentence === 'string' ? sentence : (expect.stringMatching(sentence) as string),
      ]),
    )
  })

  it('tells since when a card is missing', () => {
    const missingDevices = [{ id: deviceId('gpu-1'), missingSince: '2026-05-01T10:00:00.000Z' }]
    expect(driftOf(saved(), without('gpu-1', { missingDevices }))).toEqual([
      {
        code: 'device-gone',
        device: { id: 'gpu-1', index: 1, name: 'card of 8 GiB' },
        missingSince: '2026-05-01T10:00:00.000Z',
      },
    ])
  })

  it('is no maintenance in which it was already when it was judged', () => {
    const resting = { ...lab, maintenance: { since: '2026-05-01T10:00:00.000Z' } }
    expect(driftOf(saved(resting), resting)).toEqual([])
  })

  it('is the order only where a command counts the cards', () => {
    const first = { ...lab.devices[2]!, id: deviceId('new'), uuid: 'GPU-new', index: 0 }
    const shifted = {
      ...lab,
      devices: [first, ...lab.devices.map((device) => ({ ...device, index: device.index + 1 }))],
    }
    expect(told(saved(), shifted)).toEqual([])
    expect(told(saved(uuidless(lab)), uuidless(shifted))).toEqual([
      [
        'may-break',
        'GPUs are counted in another order: GPU 0 is GPU 1, GPU 1 is GPU 2. A command that was printed before starts it on other cards.',
      ],
    ])
  })

  it('takes another name for another card where there are no UUIDs', () => {
    const anonymous = uuidless(lab)
    expect(told(saved(anonymous), change('gpu-1', { name: 'RTX 4090' }, anonymous))).toEqual([
      ['may-break', 'GPU 1 (card of 8 GiB) is gone; RTX 4090 is in its place.'],
    ])
  })

  it('takes no card that it relied on for the replacement of another', () => {
    const moved = without('gpu-0', {}, change('gpu-1', { pciBusId: '00000000:01:00.0' }))
    expect(told(saved(), moved)).toEqual([['breaks', 'GPU 0 (card of 8 GiB) is gone.']])
  })

  it('takes no card for the replacement of one whose slot is not known', () => {
    const slotless = {
      ...lab,
      devices: lab.devices.map(({ pciBusId: _, ...device }) => device),
    }
    expect(driftOf(saved(slotless), without('gpu-0', {}, slotless)).map(({ code }) => code)).toEqual(['device-gone'])
  })
})
