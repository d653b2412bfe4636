/** Two rows that are joined directly, and by what. */
export interface Bond {
  readonly one: number
  readonly other: number
  readonly kind: string
}

/** A line beside the rows: between two, or one bar to each of several that are all joined to each other. */
export interface PlacedBond {
  readonly kind: string
  /** Ascending. */
  readonly rows: readonly number[]
  /** Where each row's line leaves it: from 0 at its upper edge to 1 at its lower one. */
  readonly ports: readonly number[]
  /** 0 is the nearest to the rows. */
  readonly lane: number
}

/** Lines in as few lanes as keep them apart, the shortest nearest to the rows. */
export function placeBonds(bonds: readonly Bond[]): readonly PlacedBond[] {
  const ends: number[][] = []
  const laid = gathered(bonds)
    .toSorted((a, b) => spanOf(a) - spanOf(b) || a.rows[0]! - b.rows[0]!)
    .map(({ kind, rows }) => {
      const free = ends.findIndex((taken) => rows[0]! > Math.max(...taken) || rows.at(-1)! < Math.min(...taken))
      const lane = free === -1 ? ends.length : free
      ends[lane] = [...(ends[lane] ?? []), ...rows]
      return { kind, rows, lane }
    })
  return laid.map((line) => ({ ...line, ports: line.rows.map((row) => portOf(line, row, laid)) }))
}

type Line = Pick<PlacedBond, 'kind' | 'rows'>
type LaidLine = Line & Pick<PlacedBond, 'lane'>

/**
 * Lines of one row leave it apart from each other: above those that lead up, the nearest lane first, below those that lead
 * down, the nearest last. So none crosses another where it turns.
 */
function portOf(line: LaidLine, row: number, lines: readonly LaidLine[]): number {
  const turn = ({ rows, lane }: LaidLine): number => {
    if (rows[0] === row) return 1 / (lane + 1)
    return rows.at(-1) === row ? -1 / (lane + 1) : 0
  }
  const here = lines.filter(({ rows }) => rows.includes(row)).toSorted((a, b) => turn(a) - turn(b))
  return (here.indexOf(line) + 0.5) / here.length
}

const spanOf = ({ rows }: Line): number => rows.at(-1)! - rows[0]!

/** Three and more of which each is joined to each by the same are one line. */
function gathered(bonds: readonly Bond[]): readonly Line[] {
  const kinds = [...new Set(bonds.map(({ kind }) => kind))]
  return kinds.flatMap((kind) => {
    const alike = bonds.filter((bond) => bond.kind === kind)
    return connected(alike).flatMap((rows): readonly Line[] => {
      const among = alike.filter(({ one }) => rows.includes(one))
      if (among.length === (rows.length * (rows.length - 1)) / 2) return [{ kind, rows }]
      return among.map(({ one, other }) => ({ kind, rows: [Math.min(one, other), Math.max(one, other)] }))
    })
  })
}

/** Rows that hang together, each list ascending. */
function connected(bonds: readonly Bond[]): readonly (readonly number[])[] {
  let clusters: readonly (readonly number[])[] = []
  for (const { one, other } of bonds) {
    const touched = clusters.filter((rows) => rows.includes(one) || rows.includes(other))
    const rows = [...new Set([...touched.flat(), one, other])].toSorted((a, b) => a - b)
    clusters = [...clusters.filter((cluster) => !touched.includes(cluster)), rows]
  }
  return clusters
}
