import { describe, expect, it } from 'vitest'
import { type Bond, placeBonds } from './bonds.ts'

const bond = (one: number, other: number, kind = 'NV4'): Bond => ({ one, other, kind })
const mesh = (rows: readonly number[], kind: string): readonly Bond[] =>
  rows.flatMap((one, at) => rows.slice(at + 1).map((other) => bond(one, other, kind)))

describe('placeBonds', () => {
  it.each<readonly [string, readonly Bond[], readonly (readonly [string, readonly number[], number])[]]>([
    ['none', [], []],
    ['a pair', [bond(1, 0)], [['NV4', [0, 1], 0]]],
    [
      'pairs below each other in one lane',
      [bond(2, 3), bond(0, 1)],
      [
        ['NV4', [0, 1], 0],
        ['NV4', [2, 3], 0],
      ],
    ],
    [
      'pairs that cross side by side, the shorter nearer',
      [bond(0, 3), bond(1, 2)],
      [
        ['NV4', [1, 2], 0],
        ['NV4', [0, 3], 1],
      ],
    ],
    [
      'pairs that share a card apart',
      [bond(0, 1), bond(1, 2)],
      [
        ['NV4', [0, 1], 0],
        ['NV4', [1, 2], 1],
      ],
    ],
    ['a switch, as one line', mesh([0, 1, 2, 3, 4, 5, 6, 7], 'NV18'), [['NV18', [0, 1, 2, 3, 4, 5, 6, 7], 0]]],
    [
      'two switches below each other',
      [...mesh([0, 1, 2], 'NV12'), ...mesh([3, 4, 5], 'NV12')],
      [
        ['NV12', [0, 1, 2], 0],
        ['NV12', [3, 4, 5], 0],
      ],
    ],
    [
      'links of two kinds apart',
      [bond(0, 1, 'NV2'), bond(0, 2, 'NV1'), bond(1, 2, 'NV2')],
      [
        ['NV2', [0, 1], 0],
        ['NV2', [1, 2], 1],
        ['NV1', [0, 2], 2],
      ],
    ],
  ])('places %s', (_, bonds, placed) =>
    expect(placeBonds(bonds).map(({ kind, rows, lane }) => [kind, rows, lane])).toEqual(placed),
  )
})

describe('ports', () => {
  const portsOf = (bonds: readonly Bond[], row: number) =>
    placeBonds(bonds).flatMap(({ rows, ports }) => (rows.includes(row) ? [[rows, ports[rows.indexOf(row)]]] : []))

  it('leaves a lone line in the middle', () => expect(portsOf([bond(0, 1)], 0)).toEqual([[[0, 1], 0.5]]))

  it('keeps lines apart that leave one row: up above, down below, the near turns outside', () =>
    expect(portsOf([bond(2, 0), bond(2, 1), bond(2, 3), bond(2, 4)], 2)).toEqual([
      [[1, 2], 0.125],
      [[2, 3], 0.875],
      [[0, 2], 0.375],
      [[2, 4], 0.625],
    ]))
})
