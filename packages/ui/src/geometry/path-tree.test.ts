import { describe, expect, it } from 'vitest'
import { isGroup, pairsAcross, type PathGroup, type PathMember, pathTree, placeTree } from './path-tree.ts'

/** A group as text: "SYS(PIX(0 1) PIX(2 3))". */
const written = (member: PathMember): string =>
  isGroup(member) ? `${member.path ?? ''}(${member.members.map(written).join(' ')})` : String(member)

/** The class of a pair from lists of its devices: the first list that has both. */
const among =
  (...lists: readonly (readonly [string, ...number[]])[]) =>
  (one: number, other: number) =>
    lists.find(([, ...devices]) => devices.includes(one) && devices.includes(other))?.[0]

const all = Array.from({ length: 8 }, (_, device) => device)

describe('pathTree', () => {
  it.each<readonly [string, number, (one: number, other: number) => string | undefined, string]>([
    ['two on one bridge', 2, among(['PHB', 0, 1]), 'PHB(0 1)'],
    ['nothing known', 3, () => undefined, '(0 1 2)'],
    ['one device', 1, () => undefined, '(0)'],
    ['none', 0, () => undefined, '()'],
    [
      'two sockets with switches',
      8,
      among(['PIX', 0, 1], ['PIX', 2, 3], ['NODE', 0, 1, 2, 3], ['PXB', 4, 5, 6, 7], ['SYS', ...all]),
      'SYS(NODE(PIX(0 1) PIX(2 3)) PXB(4 5 6 7))',
    ],
    ['a lone card beside others', 3, among(['PHB', 0, 2], ['SYS', 0, 1, 2]), 'SYS(PHB(0 2) 1)'],
    ['NVLink only, whose PCIe paths are not printed', 4, among(['NV18', ...all]), '(0 1 2 3)'],
    ['bridged pairs over two sockets', 4, among(['NV4', 0, 1], ['NV4', 2, 3], ['SYS', ...all]), 'SYS(0 1 2 3)'],
    ['a class that nobody knows', 2, among(['PSB', 0, 1]), '(0 1)'],
    [
      'two halves of which the path between is not known',
      4,
      among(['PIX', 0, 1], ['PIX', 2, 3]),
      '(PIX(0 1) PIX(2 3))',
    ],
  ])('joins %s', (_, count, pathOf, tree) => expect(written(pathTree(count, pathOf))).toBe(tree))

  it('holds every device once, and every pair in one group, whatever the paths', () => {
    const kinds = ['PIX', 'PHB', 'SYS', undefined]
    const ways = Array.from({ length: kinds.length ** 6 }, (_, way) => way)
    // Every way in which four devices can be joined: six pairs, 4,096 ways.
    const wrong = ways.filter((way) => {
      const pathOf = (one: number, other: number) => {
        const pair = [0, 0, 1, 3][Math.max(one, other)]! + Math.min(one, other)
        return kinds[Math.floor(way / kinds.length ** pair) % kinds.length]
      }
      const { order, groups } = placeTree(pathTree(4, pathOf))
      const pairs = groups.flatMap(({ group }) => pairsAcross(group).map(([one, other]) => 4 ** one + 4 ** other))
      return new Set(order).size !== 4 || pairs.length !== 6 || new Set(pairs).size !== 6
    })
    expect(wrong).toEqual([])
  })
})

describe('placeTree', () => {
  it('stands each group at the middle of its members, the root first', () => {
    const root: PathGroup = {
      path: 'SYS',
      members: [
        { path: 'PIX', members: [0, 1] },
        { path: 'PHB', members: [2, 3, 4] },
      ],
    }
    const { groups, order, levels } = placeTree(root)
    expect(order).toEqual([0, 1, 2, 3, 4])
    expect(levels).toBe(2)
    expect(groups.map(({ group, ...place }) => ({ path: group.path, ...place }))).toEqual([
      { path: 'SYS', level: 0, top: 0.5, bottom: 3, rows: [0.5, 3] },
      { path: 'PIX', level: 1, top: 0, bottom: 1, rows: [0, 1] },
      { path: 'PHB', level: 1, top: 2, bottom: 4, rows: [2, 3, 4] },
    ])
  })
})
