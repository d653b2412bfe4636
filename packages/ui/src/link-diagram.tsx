import { bondedNvlinks, formatBitRate, type NetworkInterface } from '@berth/core'
import { useId } from 'react'
import { type LinkedMachine, type LinkScene, linkScene, type PeerState } from './geometry/link-scene.ts'
import type { PlacedBond } from './geometry/bonds.ts'
import { devicesOf, type PathGroup, type PlacedGroup } from './geometry/path-tree.ts'

const ROW = 30
const BOX = { width: 60, height: 22 } as const
/** A class and the line that it is drawn with. */
const LEVEL = 68
const TRUNK = 60
/** Lines beside the GPUs are named where few of them stand there; else the legend names them. */
const LANES_NAMED = 3
const LANE = { named: 48, bare: 14 } as const
const FONT = 12
/** Of a letter of that size, at most. */
const LETTER = 7

/**
 * How a machine's GPUs reach each other and other hosts: PCIe as a tree of thin lines on the left, NVLink and Infinity Fabric
 * as thick ones on the right, the network below. The legend and the table beside it hold the words.
 */
export function LinkDiagram({ machine }: { readonly machine: LinkedMachine }) {
  const scope = useId()
  const scene = linkScene(machine)
  const { width, height } = sizeOf(scene)
  return (
    <svg
      role="img"
      aria-labelledby={`${scope}-title`}
      viewBox={`0 0 ${width} ${height}`}
      style={{ width, maxWidth: '100%', height: 'auto' }}
      fontSize={FONT}
    >
      <title id={`${scope}-title`}>{describe(machine.name, scene)}</title>
      {scene.tree.groups
        .filter(({ rows }) => rows.length > 1)
        .map((placed) => (
          <Branch key={devicesOf(placed.group).join(' ')} placed={placed} scene={scene} />
        ))}
      {scene.bonds.map((bond) => (
        <BondLine key={`${bond.kind} ${bond.rows.join(' ')}`} bond={bond} scene={scene} />
      ))}
      {scene.devices.map(({ id, index }, row) => (
        <Box key={id} x={leafX(scene)} row={row} label={`GPU ${index}`} />
      ))}
      <Network scene={scene} />
    </svg>
  )
}

const yOf = (row: number): number => (row + 0.5) * ROW
const leafX = ({ tree }: LinkScene): number => Math.max(1, tree.levels) * LEVEL
const lanesOf = ({ bonds }: LinkScene): number => Math.max(0, ...bonds.map(({ lane }) => lane + 1))
const laneWidth = (scene: LinkScene): number => (lanesOf(scene) <= LANES_NAMED ? LANE.named : LANE.bare)

/** The first row of the network: one is left between it and the GPUs. */
const networkRow = ({ devices }: LinkScene): number => (devices.length > 0 ? devices.length + 0.5 : 0)
const networkRows = ({ interfaces, remote }: LinkScene): number => interfaces.length + remote.length

function sizeOf(scene: LinkScene): { readonly width: number; readonly height: number } {
  const bonds = lanesOf(scene) * laneWidth(scene)
  const labels = scene.interfaces.map((one) => boxWidth(interfaceLabel(one)))
  const rows = networkRows(scene) > 0 ? networkRow(scene) + networkRows(scene) : scene.devices.length
  return { width: leafX(scene) + Math.max(BOX.width + bonds + 4, ...labels) + 2, height: Math.max(1, rows) * ROW }
}

function Branch({
  placed: { group, level, top, bottom, rows },
  scene,
}: {
  readonly placed: PlacedGroup
  readonly scene: LinkScene
}) {
  const label = level * LEVEL + (level > 0 ? 4 : 0)
  const trunk = level * LEVEL + TRUNK
  const peers = scene.peers.get(group)
  const middle = yOf((top + bottom) / 2)
  return (
    <g>
      <g stroke="var(--line-strong)" strokeWidth="1.5">
        <line x1={trunk - 8} x2={trunk} y1={middle} y2={middle} />
        <line x1={trunk} x2={trunk} y1={yOf(top)} y2={yOf(bottom)} />
        {rows.map((row, at) => (
          <line
            key={row}
            x1={trunk}
            x2={typeof group.members[at] === 'number' ? leafX(scene) : (level + 1) * LEVEL}
            y1={yOf(row)}
            y2={yOf(row)}
          />
        ))}
      </g>
      <text x={label} y={middle + (peers ? -2 : 4)} fill="var(--text)" fontWeight="600">
        {group.path ?? 'host'}
      </text>
      {peers && (
        <text x={label} y={middle + 11} fill="var(--bad)" fontSize="10.5">
          {peers === 'off' ? 'P2P off' : 'P2P partly'}
        </text>
      )}
    </g>
  )
}

/** The strongest first; width and name tell kinds apart as well. */
const bondColours = ['var(--accent)', 'var(--segment-compute)', 'var(--tight)'] as const

/** How a bridge is drawn beside others of the machine, and in the legend. */
export function bondStroke(
  kind: string,
  kinds: readonly string[],
): { readonly colour: string; readonly width: number } {
  const strongestFirst = [...new Set(kinds)].toSorted((a, b) => bondedNvlinks({ kind: b }) - bondedNvlinks({ kind: a }))
  const place = Math.max(0, strongestFirst.indexOf(kind))
  return {
    colour: bondColours[Math.min(place, bondColours.length - 1)]!,
    width: Math.min(7, 2.5 + (bondedNvlinks({ kind }) || 6) / 3),
  }
}

function BondLine({
  bond: { kind, rows, ports, lane },
  scene,
}: {
  readonly bond: PlacedBond
  readonly scene: LinkScene
}) {
  const { colour, width } = bondStroke(
    kind,
    scene.bonds.map((bond) => bond.kind),
  )
  const from = leafX(scene) + BOX.width
  const x = from + 10 + lane * laneWidth(scene)
  const ends = rows.map((row, at) => yOf(row) + (ports[at]! - 0.5) * BOX.height)
  const [top, bottom] = [ends[0]!, ends.at(-1)!]
  return (
    <g>
      <path
        d={[`M${x} ${top}V${bottom}`, ...ends.map((y) => `M${from} ${y}H${x}`)].join('')}
        fill="none"
        stroke={colour}
        strokeWidth={width}
        strokeLinecap="square"
      />
      {lanesOf(scene) <= LANES_NAMED && (
        <text x={x + width / 2 + 4} y={(top + bottom) / 2 + 4} fill="var(--text)" fontWeight="600">
          {kind}
        </text>
      )}
    </g>
  )
}

const boxWidth = (label: string): number => Math.max(BOX.width, label.length * LETTER + 16)

function Box({ x, row, label }: { readonly x: number; readonly row: number; readonly label: string }) {
  const width = boxWidth(label)
  return (
    <g>
      <rect
        x={x}
        y={yOf(row) - BOX.height / 2}
        width={width}
        height={BOX.height}
        rx="4"
        fill="var(--surface-sunken)"
        stroke="var(--line-strong)"
      />
      <text x={x + width / 2} y={yOf(row) + 4} textAnchor="middle" fill="var(--text)">
        {label}
      </text>
    </g>
  )
}

/** The slower ends of a line that starts at the host. */
function Network({ scene }: { readonly scene: LinkScene }) {
  const count = networkRows(scene)
  if (count === 0) return null
  const first = networkRow(scene)
  const rows = Array.from({ length: count }, (_, at) => first + at)
  const labels = [...scene.interfaces.map(interfaceLabel), ...scene.remote.map(({ index }) => `GPU ${index}`)]
  const middle = yOf((first + rows.at(-1)!) / 2)
  const x = leafX(scene)
  return (
    <g>
      <g stroke="var(--line-strong)" strokeWidth="1.5" strokeDasharray="4 3">
        <line x1={TRUNK} x2={TRUNK} y1={yOf(first)} y2={yOf(rows.at(-1)!)} />
        {rows.map((row) => (
          <line key={row} x1={TRUNK} x2={x} y1={yOf(row)} y2={yOf(row)} />
        ))}
      </g>
      <text x="0" y={middle + 4} fill="var(--text)" fontWeight="600">
        network
      </text>
      {rows.map((row, at) => (
        <Box key={row} x={x} row={row} label={labels[at]!} />
      ))}
    </g>
  )
}

const interfaceLabel = ({ name, bitsPerSecond }: NetworkInterface): string =>
  bitsPerSecond ? `${name} ${formatBitRate(bitsPerSecond)}` : name

function describe(name: string, scene: LinkScene): string {
  const gpus = (rows: readonly number[]) => rows.map((row) => `GPU ${scene.devices[row]!.index}`).join(', ')
  const rowsOf = (group: PathGroup) => devicesOf(group).map((device) => scene.tree.order.indexOf(device))
  const parts = [
    ...scene.tree.groups
      .filter(({ group, rows }) => rows.length > 1 && group.path)
      .map(({ group }) => `${group.path}: ${gpus(rowsOf(group))}${peerWords(scene.peers.get(group))}`),
    ...scene.bonds.map(({ kind, rows }) => `${kind}: ${gpus(rows)}`),
    ...(networkRows(scene) > 0
      ? [
          `network: ${[...scene.interfaces.map(interfaceLabel), ...scene.remote.map(({ index }) => `GPU ${index}`)].join(', ')}`,
        ]
      : []),
  ]
  return `Links of ${name}. ${parts.join('; ')}`
}

function peerWords(state: PeerState | undefined): string {
  if (state === undefined) return ''
  return state === 'off' ? ', P2P off' : ', P2P off between some'
}
