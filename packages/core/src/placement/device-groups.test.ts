import { describe, expect, it } from 'vitest'
import { engines } from '../engines/index.ts'
import { deviceGroups, refusedDevices } from './device-groups.ts'
import { machineOf } from './fixtures.ts'

const engine = engines['llama.cpp']
const parent = 'GPU-00000000-0000-0000-0000-000000000000'
const slice = { gib: 20, changes: { migParent: parent } }

const groupsOf = (cards: Parameters<typeof machineOf>[0]): readonly (readonly string[])[] =>
  deviceGroups(machineOf(cards), engine).map((group) => group.map(({ id }) => id))

describe('deviceGroups', () => {
  it('keeps devices of one backend together, in the order of their index', () => {
    const machine = machineOf([{ gib: 8 }, { gib: 16, backend: 'vulkan' }, { gib: 24 }])
    const turned = { ...machine, devices: machine.devices.toReversed() }
    expect(deviceGroups(turned, engine).map((group) => group.map(({ id }) => id))).toEqual([
      ['gpu-0', 'gpu-2'],
      ['gpu-1'],
    ])
  })

  it('takes MIG slices one by one and leaves out the card they are cut from', () => {
    expect(groupsOf([{ gib: 80 }, slice, slice, { gib: 24 }])).toEqual([['gpu-3'], ['gpu-1'], ['gpu-2']])
  })

  it('leaves out what the engine is not planned for', () => {
    expect(groupsOf([{ gib: 24, backend: 'rpc' }])).toEqual([])
  })
})

const sycl = { gib: 8, backend: 'sycl' as const }

describe('refusedDevices', () => {
  const refused = (cards: Parameters<typeof machineOf>[0], ...at: readonly number[]): readonly string[] => {
    const machine = machineOf(cards)
    return refusedDevices(
      at.map((index) => machine.devices[index]!.id),
      machine,
      engine,
    ).map(({ because }) => because)
  }

  it.each([
    ['nothing of a pair in order', [{ gib: 8 }, { gib: 8 }], [0, 1], []],
    ['nothing of a pair in another order, where the list decides it', [{ gib: 8 }, { gib: 8 }], [1, 0], []],
    ['a pair out of order', [sycl, sycl], [1, 0], ['out-of-order']],
    ['a device named twice', [{ gib: 8 }, { gib: 8 }], [0, 1, 0], ['named-twice']],
    ['two backends', [{ gib: 8 }, { gib: 8, backend: 'rocm' as const }], [0, 1], ['other-backend']],
    ['two slices', [{ gib: 80 }, slice, slice], [1, 2], ['mig-slice-with-others']],
    ['a slice and a card', [{ gib: 80 }, slice, { gib: 8 }], [1, 2], ['mig-slice-with-others']],
    ['a card that is cut', [{ gib: 80 }, slice], [0], ['mig-parent']],
    ['a backend that is not planned', [{ gib: 8, backend: 'rpc' as const }], [0], ['backend-not-supported']],
  ])('refuses %s', (_, cards, at, expected) => {
    expect(refused(cards, ...at)).toEqual(expected)
  })
})
