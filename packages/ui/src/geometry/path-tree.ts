import { type PciePath, pciePaths } from '@berth/core'

/** Devices that a class of path joins, and that nothing nearer does; a number is a device by its place. */
export interface PathGroup {
  /** Absent where no tool has told how its members reach each other. */
  readonly path?: PciePath
  readonly members: readonly PathMember[]
}

export type PathMember = number | PathGroup

export const isGroup = (member: PathMember): member is PathGroup => typeof member !== 'number'

/** Every device of a member, in order. */
export const devicesOf = (member: PathMember): readonly number[] =>
  isGroup(member) ? member.members.flatMap(devicesOf).toSorted((a, b) => a - b) : [member]

/**
 * How devices hang together by the classes of the paths between them: what the nearest class joins is a group, which the
 * next class joins to others. Paths without a class of PCIe, as NVLink's, join nothing.
 */
export function pathTree(count: number, pathOf: (one: number, other: number) => string | undefined): PathGroup {
  let members: readonly PathMember[] = Array.from({ length: count }, (_, device) => device)
  for (const path of pciePaths) members = joined(members, path, pathOf)
  const [only, ...others] = members
  return only !== undefined && isGroup(only) && others.length === 0 ? only : { members }
}

type Paths = (one: number, other: number) => string | undefined

function joined(members: readonly PathMember[], path: PciePath, pathOf: Paths): readonly PathMember[] {
  const clusters: PathMember[][] = []
  for (const member of members) {
    const meets = (cluster: readonly PathMember[]) => cluster.some((other) => isJoined(member, other, pathOf, path))
    const near = clusters.filter(meets)
    const far = clusters.filter((cluster) => !near.includes(cluster))
    clusters.splice(0, clusters.length, ...far, [...near.flat(), member])
  }
  const first = (member: PathMember): number => devicesOf(member)[0] ?? 0
  const inOrder = (cluster: readonly PathMember[]) => cluster.toSorted((a, b) => first(a) - first(b))
  return clusters
    .map((cluster): PathMember => (cluster.length === 1 ? cluster[0]! : { path, members: inOrder(cluster) }))
    .toSorted((a, b) => first(a) - first(b))
}

const isJoined = (one: PathMember, other: PathMember, pathOf: Paths, path: PciePath): boolean =>
  devicesOf(one).some((left) => devicesOf(other).some((right) => pathOf(left, right) === path))

/** Every pair of devices that a group joins and none of its own groups does. */
export const pairsAcross = ({ members }: PathGroup): readonly (readonly [number, number])[] =>
  members.flatMap((one, at) =>
    members
      .slice(at + 1)
      .flatMap((other) => devicesOf(one).flatMap((left) => devicesOf(other).map((right) => [left, right] as const))),
  )

/** Where a group stands: its level counts from the root, its rows are those of its first and last member. */
export interface PlacedGroup {
  readonly group: PathGroup
  readonly level: number
  readonly top: number
  readonly bottom: number
  /** The row of each member. */
  readonly rows: readonly number[]
}

export interface PlacedTree {
  /** The root first. */
  readonly groups: readonly PlacedGroup[]
  /** Devices from above to below, each on a row of its own. */
  readonly order: readonly number[]
  readonly levels: number
}

/** A group stands at the middle of its members; a row may so be a fraction. */
export function placeTree(root: PathGroup): PlacedTree {
  const order: number[] = []
  const groups: PlacedGroup[] = []
  const place = (member: PathMember, level: number): number => {
    if (!isGroup(member)) return order.push(member) - 1
    const at = groups.length
    const rows = member.members.map((one) => place(one, level + 1))
    const [top, bottom] = [rows[0] ?? 0, rows.at(-1) ?? 0]
    groups.splice(at, 0, { group: member, level, top, bottom, rows })
    return (top + bottom) / 2
  }
  place(root, 0)
  return { groups, order, levels: Math.max(0, ...groups.map(({ level }) => level + 1)) }
}
