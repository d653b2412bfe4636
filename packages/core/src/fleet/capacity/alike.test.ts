import { expect, it } from 'vitest'
import { deviceId, machineId } from '../../ids.ts'
import type { Machine } from '../../machine/machine.ts'
import { machineOf } from '../../placement/fixtures.ts'
import { gibibytes } from '../../units.ts'
import { cardLike } from './card.ts'
import { editOnTwin, hardwareKey, judgedOnce } from './alike.ts'

const lab: Machine = {
  ...machineOf([{ gib: 24 }, { gib: 24 }], 64),
  links: [{ from: deviceId('gpu-0'), to: deviceId('gpu-1'), kind: 'NV4' }],
}

/** The same machine under other names, its fields written in another order. */
function twinOf({ devices, links, ...machine }: Machine, change: Partial<Machine['devices'][number]> = {}): Machine {
  const renamed = (id: string) => deviceId(`other-${id}`)
  return {
    links: links.map(({ from, to, ...link }) => ({ ...link, to: renamed(to), from: renamed(from) })),
    devices: devices.map(({ name, ...device }, at) => ({
      ...device,
      ...{ id: renamed(device.id), uuid: `GPU-other-${at}`, pciBusId: `0${at}:00.0`, name },
      ...(at === 1 && change),
    })),
    ...machine,
    ...{ id: machineId('other'), name: 'other' },
  }
}

it.each<[string, Machine, boolean]>([
  ['named otherwise', twinOf(lab), true],
  ['with less free', twinOf(lab, { memoryUsed: gibibytes(1) }), false],
  ['with more promised', twinOf(lab, { memoryReserved: gibibytes(1) }), false],
  ['with another card', twinOf(lab, { architecture: '8.9' }), false],
  ['with more RAM', { ...twinOf(lab), hostMemoryTotal: gibibytes(128) }, false],
  ['joined otherwise', { ...twinOf(lab), links: [] }, false],
  ['with a card less', machineOf([{ gib: 24 }], 64), false],
  ['under another system', { ...twinOf(lab), os: 'windows' }, false],
])('%s', (_, machine, isAlike) => expect(hardwareKey(machine) === hardwareKey(lab)).toBe(isAlike))

it('tells whose slices are whose by position', () => {
  const cut = machineOf([{ gib: 80 }, { gib: 40, changes: { migParent: machineOf([{ gib: 1 }]).devices[0]!.uuid! } }])
  const [card, slice] = twinOf(cut).devices
  expect(hardwareKey({ ...cut, devices: [card!, { ...slice!, migParent: card!.uuid! }] })).toBe(hardwareKey(cut))
})

it('judges each kind of hardware once, when it is asked for', () => {
  const asked: string[] = []
  const other = { ...machineOf([{ gib: 8 }]), name: 'small' }
  const answers = judgedOnce([lab, twinOf(lab), other], ({ name }) => asked.push(name))
  expect(answers.next().value).toEqual({ machine: lab, alike: lab, answer: 1 })
  expect(asked).toEqual(['lab'])
  expect([...answers]).toEqual([
    { machine: twinOf(lab), alike: lab, answer: 1 },
    { machine: other, alike: other, answer: 2 },
  ])
})

it('names an edit’s devices as the twin does', () => {
  const [first, second] = lab.devices
  const twin = twinOf(lab)
  const card = cardLike(second!)
  expect(editOnTwin({ kind: 'replace-cards', devices: [first!.id], card }, lab, twin)).toEqual({
    ...{ kind: 'replace-cards', devices: ['other-gpu-0'] },
    card: { ...card, origin: { kind: 'device', device: 'other-gpu-1' } },
  })
  const more = { kind: 'add-host-memory', added: gibibytes(64) } as const
  expect(editOnTwin(more, lab, twin)).toEqual(more)
})
