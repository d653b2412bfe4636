import { bytes, type Bytes, formatBytes, groupThousands, memoryWords } from '@berth/core'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { CopyButton } from '@berth/ui/copy-button'
import { PackedBar, type PackedPart } from '@berth/ui/packed-bar'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import Link from 'next/link'
import { paths } from '../../paths.ts'
import type { PackingView } from '../../trpc/types.ts'

type Machine = PackingView['machines'][number]
type Placed = PackingView['placed'][number] & {
  /** Of its model, from 1. */
  readonly replica: number
}

/** Machines that hold replicas, the fullest of them first, with their GPUs as bars and their replicas in a table. */
export function PackedMachines({ packing }: { readonly packing: PackingView }) {
  const counts = new Map<number, number>()
  const placed = packing.placed.map((one): Placed => {
    const replica = (counts.get(one.demand) ?? 0) + 1
    counts.set(one.demand, replica)
    return { ...one, replica }
  })
  const onMachine = packing.machines
    .map((machine) => ({ machine, here: placed.filter(({ machineId }) => machineId === machine.id) }))
    .filter(({ here }) => here.length > 0)
    .toSorted((one, other) => other.here.length - one.here.length)
  const scale = bytes(
    Math.max(1, ...onMachine.flatMap(({ machine }) => machine.devices.map(({ capacity }) => capacity))),
  )
  const idle = packing.machines.length - onMachine.length
  return (
    <div className="grid gap-4">
      {onMachine.map(({ machine, here }) => (
        <PackedMachine key={machine.id} machine={machine} here={here} demands={packing.demands} scale={scale} />
      ))}
      {onMachine.length > 0 && (
        <p className="text-xs text-secondary">
          A number on a bar is that of the model above; hatched is what others use or have reserved.
        </p>
      )}
      {idle > 0 && (
        <p className="text-sm text-secondary">
          {groupThousands(idle)} {idle === 1 ? 'machine holds' : 'machines hold'} none of it.
        </p>
      )}
    </div>
  )
}

function PackedMachine({
  machine,
  here,
  demands,
  scale,
}: {
  readonly machine: Machine
  readonly here: readonly Placed[]
  readonly demands: PackingView['demands']
  readonly scale: Bytes
}) {
  const nameOf = ({ demand, replica }: Placed): string => {
    const { name, replicas } = demands[demand]!
    return replicas === 1 ? name : `${name}, replica ${replica}`
  }
  return (
    <Card aria-label={machine.name}>
      <CardHeader
        level="h3"
        title={
          <Link href={paths.machine(machine.id)} className="hover:underline">
            {machine.name}
          </Link>
        }
        description={here.length === 1 ? '1 replica' : `${groupThousands(here.length)} replicas`}
      />
      <CardBody className="grid gap-4 xl:grid-cols-2">
        <ul className="grid content-start gap-3" aria-label={`GPUs of ${machine.name}`}>
          {machine.devices.map((device) => (
            <li key={device.id} className="grid gap-1">
              <span className="text-xs text-secondary">
                GPU {device.index}, {device.name}
              </span>
              <PackedBar
                label={`GPU ${device.index}, ${device.name}`}
                capacity={device.capacity}
                scale={scale}
                held={[
                  { kind: 'measured', label: memoryWords.measured.label, bytes: device.used },
                  { kind: 'reserved', label: memoryWords.reserved.label, bytes: device.reserved },
                ]}
                parts={partsOn(device.id, here, nameOf)}
              />
            </li>
          ))}
        </ul>
        <Replicas machine={machine} here={here} nameOf={nameOf} demands={demands} />
      </CardBody>
    </Card>
  )
}

const neededOn = ({ placement }: Placed, device: string): Bytes =>
  placement.memory.find(({ place }) => place.kind === 'device' && place.device === device)?.required ?? bytes(0)

const partsOn = (device: string, here: readonly Placed[], nameOf: (one: Placed) => string): readonly PackedPart[] =>
  here.map((one) => ({
    key: `${one.demand} ${one.replica}`,
    mark: String(one.demand + 1),
    label: nameOf(one),
    bytes: neededOn(one, device),
  }))

function Replicas({
  machine,
  here,
  nameOf,
  demands,
}: {
  readonly machine: Machine
  readonly here: readonly Placed[]
  readonly nameOf: (one: Placed) => string
  readonly demands: PackingView['demands']
}) {
  return (
    <Table label={`Replicas on ${machine.name}`} flush cards>
      <TableHead>
        <TableRow>
          <TableHeading>Model</TableHeading>
          <TableHeading>GPUs</TableHeading>
          <TableHeading numeric>On GPUs</TableHeading>
          <TableHeading>Command</TableHeading>
        </TableRow>
      </TableHead>
      <TableBody>
        {here.map((one) => {
          const used = machine.devices.filter(({ id }) => neededOn(one, id) > 0)
          const needed = bytes(used.reduce((sum, { id }) => sum + neededOn(one, id), 0))
          return (
            <TableRow key={`${one.demand} ${one.replica}`}>
              <TableRowHeading className="min-w-40">
                <span className="text-tertiary tabular-nums">{one.demand + 1}</span> {nameOf(one)}
                <span className="block text-xs font-normal text-secondary">{demands[one.demand]!.engine}</span>
              </TableRowHeading>
              <TableCell data-label="GPUs" className="tabular-nums">
                {used.map(({ index }) => index).join(', ')}
              </TableCell>
              <TableCell numeric data-label="On GPUs" className="whitespace-nowrap">
                {formatBytes(needed)}
              </TableCell>
              <TableCell data-label="Command">
                <CopyButton text={one.command} label={`Copy the command of ${nameOf(one)} on ${machine.name}`} />
              </TableCell>
            </TableRow>
          )
        })}
      </TableBody>
    </Table>
  )
}
