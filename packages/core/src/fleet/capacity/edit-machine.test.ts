import { describe, expect, it } from 'vitest'
import { deviceId } from '../../ids.ts'
import type { Machine } from '../../machine/machine.ts'
import { machineOf } from '../../placement/fixtures.ts'
import { bytes, gibibytes } from '../../units.ts'
import { cardLike, isImagined } from './card.ts'
import { type MachineEdit, whatIf } from './edit-machine.ts'
import { explainEdit, explainEditIssue } from './explain.ts'
import { soldCard } from './fixtures.ts'

const [first, second] = [deviceId('gpu-0'), deviceId('gpu-1')]
const pair: Machine = {
  ...machineOf([{ gib: 24, used: 3, changes: { pciBusId: '01:00.0', displayAttached: true } }, { gib: 12 }], 64),
  links: [{ from: first, to: second, kind: 'NV4' }],
}
const big = soldCard('Big Card', 48)

function edited(machine: Machine, ...edits: readonly MachineEdit[]): Machine {
  const result = whatIf(machine, edits)
  if (!result.ok) throw new Error(result.issue.code)
  return result.value
}

const summary = ({ devices }: Machine) => devices.map(({ id, index, name }) => `${index} ${id} ${name}`)

describe('whatIf', () => {
  it.each<[string, readonly MachineEdit[], readonly string[]]>([
    [
      'two more of a card that is there, behind the others',
      [{ kind: 'add-cards', card: cardLike(pair.devices[0]!), count: 2 }],
      [
        '0 gpu-0 card of 24 GiB',
        '1 gpu-1 card of 12 GiB',
        '2 imagined-gpu-0 card of 24 GiB',
        '3 imagined-gpu-1 card of 24 GiB',
      ],
    ],
    ['one gone, and counted anew', [{ kind: 'remove-cards', devices: [first] }], ['0 gpu-1 card of 12 GiB']],
    [
      'one in the place of another',
      [{ kind: 'replace-cards', devices: [first], card: big }],
      ['0 imagined-gpu-0 Big Card', '1 gpu-1 card of 12 GiB'],
    ],
    [
      'all of them replaced',
      [{ kind: 'replace-cards', devices: [first, second], card: big }],
      ['0 imagined-gpu-0 Big Card', '1 imagined-gpu-1 Big Card'],
    ],
    [
      'one after the other: what was put in keeps its name',
      [
        { kind: 'add-cards', card: big, count: 1 },
        { kind: 'replace-cards', devices: [second], card: big },
        { kind: 'remove-cards', devices: [first] },
      ],
      ['0 imagined-gpu-1 Big Card', '1 imagined-gpu-0 Big Card'],
    ],
  ])('%s', (_, edits, devices) => expect(summary(edited(pair, ...edits))).toEqual(devices))

  it('puts in cards that nobody measured and that hold nothing', () => {
    const like = { kind: 'add-cards', card: cardLike(pair.devices[0]!), count: 1 } as const
    const card = edited(pair, like).devices[2]!
    expect(card).toEqual({
      ...{ id: deviceId('imagined-gpu-0'), index: 2, name: 'card of 24 GiB', backend: 'cuda', architecture: '8.6' },
      ...{ memoryTotal: gibibytes(24), unified: false },
      memory: { reported: { bytes: gibibytes(24), provenance: 'typed' } },
    })
    expect(isImagined(card.id)).toBe(true)
    expect(pair.devices.some(({ id }) => isImagined(id))).toBe(false)
  })

  it('adds host memory, and drops the links of what is gone', () => {
    const more = edited(pair, { kind: 'add-host-memory', added: gibibytes(64) })
    expect(more).toEqual({ ...pair, hostMemoryTotal: gibibytes(128) })
    expect(edited(pair, { kind: 'replace-cards', devices: [second], card: big }).links).toEqual([])
  })

  const unknownHost = machineOf([{ gib: 24 }])
  const unified = machineOf([{ gib: 48, changes: { unified: true, name: 'Chip' } }], 64)
  const sliced = machineOf(
    [
      { gib: 80, changes: { name: 'Cut' } },
      { gib: 40, changes: { migParent: 'gpu-0' } },
    ],
    64,
  )
  it.each<[string, Machine, MachineEdit, string]>([
    [
      'a card that is not there',
      pair,
      { kind: 'remove-cards', devices: [deviceId('x')] },
      'The machine has no device x.',
    ],
    [
      'a card that shares memory',
      pair,
      { kind: 'add-cards', card: cardLike(unified.devices[0]!), count: 1 },
      'Chip shares the host’s memory, and neither is changed by itself.',
    ],
    [
      'memory that is shared',
      unified,
      { kind: 'add-host-memory', added: bytes(1) },
      'Chip shares the host’s memory, and neither is changed by itself.',
    ],
    [
      'memory nobody knows',
      unknownHost,
      { kind: 'add-host-memory', added: bytes(1) },
      'How much memory the host has is not known: say it on the machine’s page first.',
    ],
    [
      'a card cut into slices',
      sliced,
      { kind: 'replace-cards', devices: [first], card: big },
      'Cut is cut into MIG slices: end that first.',
    ],
    ['too many', pair, { kind: 'add-cards', card: big, count: 127 }, 'A machine has 128 GPUs at most, not 129.'],
  ])('refuses %s', (_, machine, edit, sentence) => {
    const result = whatIf(machine, [edit])
    expect(result.ok ? undefined : explainEditIssue(result.issue)).toBe(sentence)
  })
})

it.each<[MachineEdit, string]>([
  [{ kind: 'add-cards', card: cardLike(pair.devices[0]!), count: 1 }, 'One more card of 24 GiB (24.00 GiB)'],
  [{ kind: 'add-cards', card: cardLike(pair.devices[0]!), count: 2 }, '2 more card of 24 GiB (24.00 GiB each)'],
  [{ kind: 'add-cards', card: big, count: 1 }, 'One Big Card (48.00 GiB)'],
  [{ kind: 'remove-cards', devices: [first] }, 'Without GPU 0 (card of 24 GiB)'],
  [{ kind: 'replace-cards', devices: [second], card: big }, 'Big Card (48.00 GiB) in place of GPU 1 (card of 12 GiB)'],
  [{ kind: 'replace-cards', devices: [first, second], card: big }, 'Big Card (48.00 GiB) each in place of all 2 GPUs'],
  [{ kind: 'add-host-memory', added: gibibytes(64) }, '64.00 GiB more RAM, 128.00 GiB in all'],
])('%#: says what is changed', (edit, words) => expect(explainEdit(edit, pair)).toBe(words))
