import { gibibytes, type MachineFilter, readLabelSelector, readMachineQuery } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { chipsOf, defaultColumns, isSameQuery, toggled, withSort, writeFilter, writeQuery } from './list-query.ts'

const filter: MachineFilter = {
  text: 'a100',
  site: ['Berlin', ''],
  gpu: ['NVIDIA GeForce RTX 3090'],
  state: ['gpus-missing'],
  labels: ['rack=a b', '!tier', 'spare='].map((text) => readLabelSelector(text)!),
  freeMin: gibibytes(24),
  freeOnOneMin: gibibytes(12),
}

describe('the address of a list', () => {
  it('is read back by the core', () => {
    const query = { filter, sort: { by: 'free', descending: true } as const, density: 'compact' as const }
    expect(readMachineQuery([...new URLSearchParams(writeQuery(query))])).toEqual({ query, ignored: [] })
    expect(writeFilter({ site: ['Köln & Bonn'] })).toBe('site=K%C3%B6ln+%26+Bonn')
    expect(writeQuery({ filter: {} })).toBe('')
  })

  it('is the same whatever the order of its parts', () => {
    const entries = (query: string) => [...new URLSearchParams(query)] as const
    expect(isSameQuery(entries('site=a&site=b&sort=name'), entries('sort=name&site=b&site=a'))).toBe(true)
    expect(isSameQuery(entries('site=a'), entries('site=a&site=a'))).toBe(false)
    expect(isSameQuery(entries('site=a'), entries('owner=a'))).toBe(false)
  })

  it('says nothing of the order that is one’s without a word', () => {
    expect(withSort({ filter: {} }, { by: 'name', descending: true })).toEqual({
      filter: {},
      sort: { by: 'name', descending: true },
    })
    expect(
      withSort({ filter: {}, sort: { by: 'site', descending: false } }, { by: 'name', descending: false }),
    ).toEqual({
      filter: {},
    })
  })
})

it('a value is chosen, and given up again', () => {
  expect(toggled({}, 'site', 'Berlin')).toEqual({ site: ['Berlin'] })
  expect(toggled({ site: ['Berlin'] }, 'site', '')).toEqual({ site: ['Berlin', ''] })
  expect(toggled({ text: 'x', site: ['Berlin'] }, 'site', 'Berlin')).toEqual({ text: 'x' })
})

it('every choice has a chip, which takes that choice away and no other', () => {
  const chips = chipsOf(filter)
  expect(chips.map(({ label }) => label)).toEqual([
    'Site: Berlin',
    'Site: No site',
    'GPU: RTX 3090',
    'State: GPUs missing',
    'Label: rack = a b',
    'Label: no tier',
    'Label: spare (empty)',
    '24.00 GiB free',
    '12.00 GiB free on one GPU',
  ])
  for (const { label, without } of chips) {
    const left = chipsOf(without).map((chip) => chip.label)
    expect(left).toEqual(chips.map((chip) => chip.label).filter((one) => one !== label))
    expect(without.text).toBe('a100')
  }
})

it.each([
  [[], ['gpus', 'memory', 'free', 'ram', 'read']],
  [[{ site: null, owner: 'vision' }], ['gpus', 'memory', 'free', 'ram', 'owner', 'read']],
  [
    [
      { site: 'Berlin', owner: null },
      { site: null, owner: 'x' },
    ],
    ['gpus', 'memory', 'free', 'ram', 'site', 'owner', 'read'],
  ],
])('of %j the columns are %j', (machines, columns) => expect(defaultColumns(machines)).toEqual(columns))
