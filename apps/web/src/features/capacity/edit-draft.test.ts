import { gibibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import type { CatalogueGpuView, MachineView } from '../../trpc/types.ts'
import { cardNamed, cardValue, editOf, type EditDraft, firstDraft, placesOf } from './edit-draft.ts'

const machine = {
  hostMemoryTotal: gibibytes(64),
  devices: [
    { id: 'GPU-1, odd', index: 0, name: 'First', unified: false, memory: {}, memoryTotal: gibibytes(24) },
    { id: 'second', index: 1, name: 'Second', unified: false, memory: {}, memoryTotal: gibibytes(12) },
  ],
} as unknown as MachineView
const bare = { devices: [] } as unknown as MachineView

describe('a draft', () => {
  it('begins with one more of the first card', () => {
    const card = { kind: 'device', device: 'GPU-1, odd' }
    expect(editOf(firstDraft(machine), machine)).toEqual({ kind: 'add-cards', card, count: 1 })
    expect(editOf(firstDraft(bare), bare)).toMatchObject({ card: { kind: 'catalogue' }, count: 1 })
  })

  it.each<[Partial<EditDraft>, object | undefined]>([
    [{ kind: 'add-cards', count: 0 }, undefined],
    [{ kind: 'add-cards', count: Number.NaN }, undefined],
    [{ kind: 'add-cards', card: 'nonsense' }, undefined],
    [
      { kind: 'replace-cards', card: 'catalogue x', place: 'second' },
      { kind: 'replace-cards', card: { kind: 'catalogue', gpu: 'x' }, devices: ['second'] },
    ],
    [
      { kind: 'replace-cards', card: 'catalogue x', place: '' },
      { kind: 'replace-cards', card: { kind: 'catalogue', gpu: 'x' } },
    ],
    [
      { kind: 'remove-cards', place: 'second' },
      { kind: 'remove-cards', devices: ['second'] },
    ],
    // All can be replaced; a machine without any card hosts nothing.
    [{ kind: 'remove-cards', place: '' }, undefined],
    [
      { kind: 'add-host-memory', gib: 32 },
      { kind: 'add-host-memory', added: gibibytes(32) },
    ],
    [{ kind: 'add-host-memory', gib: 5000 }, undefined],
  ])('%j', (change, edit) => expect(editOf({ ...firstDraft(machine), ...change }, machine)).toEqual(edit))

  it('offers all cards at once where they can go at once', () => {
    expect(placesOf(machine, 'replace-cards').map(({ label }) => label)).toEqual([
      ...['All 2 cards', 'GPU 0: First', 'GPU 1: Second'],
    ])
    expect(placesOf(machine, 'remove-cards')).toHaveLength(2)
  })
})

it.each([
  ['device second', 'Second', 12],
  ['device gone', 'gone', 0],
  ['catalogue x', 'Sold', 48],
  ['catalogue y', 'y', 0],
])('knows %s as %s', (value, name, gib) => {
  const gpus = [
    { id: 'x', name: 'Sold', memoryNominal: [gibibytes(24), gibibytes(48)] },
  ] as unknown as CatalogueGpuView[]
  const draft = { ...firstDraft(machine), kind: 'add-cards', card: value } as const
  const edit = editOf(draft, machine)
  if (edit?.kind !== 'add-cards') throw new Error('no card')
  expect(cardValue(edit.card)).toBe(value)
  const { name: found, memoryTotal } = cardNamed(edit.card, machine, gpus)
  expect([found, memoryTotal]).toEqual([name, gibibytes(gib)])
})
