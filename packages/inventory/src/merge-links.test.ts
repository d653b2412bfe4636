import { deviceId, type Link, type Machine } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { diffMachine } from './diff.ts'
import { mergeMachine } from './merge.ts'
import { machineOf } from './testing/read.ts'

const uuid = (index: number): string => `GPU-1b2c3d4e-0000-4000-8000-00000000000${index}`
const cards = (count: number): Machine =>
  machineOf(
    [
      'index, name, uuid, memory.total [MiB]',
      ...Array.from({ length: count }, (_, index) => `${index}, NVIDIA L40S, ${uuid(index)}, 46068 MiB`),
    ].join('\n'),
  )
const link = (from: number, to: number, more: Partial<Link>): Link => ({
  from: deviceId(uuid(from)),
  to: deviceId(uuid(to)),
  kind: 'SYS',
  ...more,
})
const two = (...links: readonly Link[]): Machine => ({ ...cards(2), links })

describe('links of a machine brought up to date', () => {
  it.each<readonly [string, Partial<Link>, Partial<Link>, Partial<Link>, readonly object[]]>([
    ['the same', { kind: 'NV4' }, { kind: 'NV4' }, { kind: 'NV4' }, []],
    [
      'another way, without the old one’s speed',
      { kind: 'NV4', bandwidthBytesPerSecond: 56e9, peerAccess: 'OK' },
      { kind: 'SYS' },
      { kind: 'SYS', peerAccess: 'OK' },
      [{ field: 'GPU 0 to GPU 1 kind', before: 'NV4', after: 'SYS' }],
    ],
    [
      'a speed that was not known',
      { kind: 'NV4', peerAccess: 'OK' },
      { kind: 'NV4', bandwidthBytesPerSecond: 56e9 },
      { kind: 'NV4', bandwidthBytesPerSecond: 56e9, peerAccess: 'OK' },
      [{ field: 'GPU 0 to GPU 1 bandwidthBytesPerSecond', after: 56e9 }],
    ],
    [
      'peer access, whose class is known already',
      { kind: 'PHB' },
      { kind: 'unknown', peerAccess: 'CNS' },
      { kind: 'PHB', peerAccess: 'CNS' },
      [{ field: 'GPU 0 to GPU 1 peerAccess', after: 'CNS' }],
    ],
    [
      'a class that was not known',
      { kind: 'unknown', peerAccess: 'CNS' },
      { kind: 'PHB' },
      { kind: 'PHB', peerAccess: 'CNS' },
      [{ field: 'GPU 0 to GPU 1 kind', before: 'unknown', after: 'PHB' }],
    ],
    [
      'a driver that allows it now',
      { kind: 'PHB', peerAccess: 'CNS' },
      { kind: 'PHB', peerAccess: 'OK' },
      { kind: 'PHB', peerAccess: 'OK' },
      [{ field: 'GPU 0 to GPU 1 peerAccess', before: 'CNS', after: 'OK' }],
    ],
  ])('%s', (_, before, after, merged, fields) => {
    for (const read of [link(0, 1, after), { ...link(1, 0, after) }]) {
      const result = mergeMachine(two(link(0, 1, before)), two(read))
      expect(result.machine.links).toEqual([{ ...read, ...merged }])
      expect(result.diff.fields).toEqual(fields)
      expect(diffMachine(result.machine, two(read)).fields).toEqual([])
    }
  })

  it('keeps links that are not read, and drops those of a card that is gone for good', () => {
    const { machine, diff } = mergeMachine(two(link(0, 1, { kind: 'NV4' })), two())
    expect(machine.links).toEqual([link(0, 1, { kind: 'NV4' })])
    expect(diff.fields).toEqual([])
  })

  it('says what is alike of many pairs in one line', () => {
    const pairs = [0, 1, 2, 3].flatMap((from) =>
      [0, 1, 2, 3].filter((to) => to > from).map((to) => [from, to] as const),
    )
    const of = (more: (from: number, to: number) => Partial<Link>): Machine => ({
      ...cards(4),
      links: pairs.map(([from, to]) => link(from, to, more(from, to))),
    })
    const kind = (from: number, to: number) => (to - from === 1 && from !== 1 ? 'NV4' : 'SYS')
    expect(
      diffMachine(
        cards(4),
        of((from, to) => ({ kind: kind(from, to), peerAccess: 'OK' })),
      ).fields,
    ).toEqual([
      { field: 'GPU 0 to GPU 1 kind', after: 'NV4' },
      { field: 'GPU 2 to GPU 3 kind', after: 'NV4' },
      { field: '6 links peerAccess', after: 'OK' },
      { field: '4 links kind', after: 'SYS' },
    ])
  })
})
