import { expect, it } from 'vitest'
import { deviceId, machineId } from '../../ids.ts'
import type { Machine } from '../../machine/machine.ts'
import { machineOf } from '../../placement/fixtures.ts'
import { gibibytes } from '../../units.ts'
import { cardLike } from './card.ts'
import { editOnTwin, judgedOnce } from './alike.ts'

const lab: Machine = {
  ...machineOf([{ gib: 24 }, { gib: 24 }], 64),
  links: [{ from: deviceId('gpu-0'), to: deviceId('gpu-1'), kind: 'NV4' }],
}

/** The same machine under other names. */
function twinOf({ devices, links, ...machine }: Machine): Machine {
  const renamed = (id: string) => deviceId(`other-${id}`)
  return {
    ...machine,
    ...{ id: machineId('other'), name: 'other' },
    devices: devices.map((device, at) => ({ ...device, id: renamed(device.id), uuid: `GPU-other-${at}` })),
    links: links.map((link) => ({ ...link, from: renamed(link.from), to: renamed(link.to) })),
  }
}

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
