import { ByteFigure } from '@berth/ui/byte-figure'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { CodeBlock } from '@berth/ui/code-block'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import type { ReactNode } from 'react'
import type { MachineDetail } from '../../trpc/types.ts'
import { When } from '../shell/when.tsx'
import { DeviceTable } from './device-table.tsx'
import { GpuBars } from './gpu-bars.tsx'
import { memoryFree, memoryTotal } from './machine-figures.ts'
import { MaintenanceCallout } from './maintenance.tsx'
import { MissingDevices } from './missing-devices.tsx'

/** Lines of the raw text that are drawn; all of them can be copied. */
const MAX_DRAWN = 200_000

export function MachineDetailView({ machine }: { readonly machine: MachineDetail }) {
  return (
    <>
      <MaintenanceCallout name={machine.name} maintenance={machine.maintenance}>
        Plans leave it out unless it is named.
      </MaintenanceCallout>
      <MissingDevices machine={machine} />
      <Card aria-label="Facts">
        <CardBody className="pt-4">
          <MachineFacts machine={machine} />
        </CardBody>
      </Card>
      {machine.devices.length > 0 && (
        <>
          <Card>
            <CardHeader
              title="Memory"
              description={wasRead(machine) ? 'As last measured, to one scale.' : 'Not measured; to one scale.'}
            />
            <CardBody>
              <GpuBars machine={machine} />
            </CardBody>
          </Card>
          <Card>
            <CardHeader title="GPUs" description="Every figure says how it is known." />
            <div className="pb-2 pt-2">
              <DeviceTable machine={machine} />
            </div>
          </Card>
        </>
      )}
      {machine.links.length > 0 && <Links machine={machine} />}
      {machine.rawText && (
        <Card>
          <details>
            <summary className="rounded-lg px-4 py-3.5 text-sm font-semibold sm:px-5">
              What it was read from
              <span className="ml-2 font-normal text-secondary">as it was pasted</span>
            </summary>
            <CardBody className="pt-0">
              <CodeBlock code={machine.rawText.slice(0, MAX_DRAWN)} label="What the machine was read from" />
            </CardBody>
          </details>
        </Card>
      )}
    </>
  )
}

function MachineFacts({ machine }: { readonly machine: MachineDetail }) {
  const free = memoryFree(machine)
  const unknown = <span className="font-normal text-tertiary">unknown</span>
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3.5 sm:grid-cols-4">
      <Fact term="GPU memory">
        <ByteFigure bytes={memoryTotal(machine)} />
      </Fact>
      <Fact term="Free when measured">{free === undefined ? unknown : <ByteFigure bytes={free} />}</Fact>
      <Fact term="RAM">
        {machine.hostMemoryTotal === undefined ? unknown : <ByteFigure bytes={machine.hostMemoryTotal} />}
      </Fact>
      <Fact term="Driver">{machine.driverVersion ?? unknown}</Fact>
      <Fact term="Processor">{machine.cpuName ?? unknown}</Fact>
      <Fact term="Cores">{machine.cpuCores ?? unknown}</Fact>
      <Fact term="Source">{sourceOf(machine)}</Fact>
      <Fact term={wasRead(machine) ? 'Read' : 'Changed'}>
        <When time={machine.updatedAt} />
      </Fact>
    </dl>
  )
}

/** Machines of the catalogue and clones were never read. */
const wasRead = ({ rawText }: MachineDetail): boolean => rawText !== ''

function sourceOf(machine: MachineDetail): string {
  if (machine.sample) return 'sample lab'
  return wasRead(machine) ? 'imported text' : 'catalogue or clone, not read'
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-tertiary">{term}</dt>
      <dd className="mt-0.5 break-words font-medium tabular-nums">{children}</dd>
    </div>
  )
}

function Links({ machine }: { readonly machine: MachineDetail }) {
  const nameOf = (id: string): string => {
    const device = machine.devices.find((candidate) => candidate.id === id)
    return device ? `GPU ${device.index}` : id
  }
  return (
    <Card>
      <CardHeader title="Links" description="Paths between GPUs, by nvidia-smi’s classes." />
      <div className="pb-2 pt-2">
        <Table label="Links between GPUs">
          <TableHead>
            <TableRow>
              <TableHeading>From</TableHeading>
              <TableHeading>To</TableHeading>
              <TableHeading>Path</TableHeading>
            </TableRow>
          </TableHead>
          <TableBody>
            {machine.links.map(({ from, to, kind }) => (
              <TableRow key={`${from} ${to}`}>
                <TableRowHeading>{nameOf(from)}</TableRowHeading>
                <TableCell>{nameOf(to)}</TableCell>
                <TableCell>
                  <code className="font-mono text-xs">{kind}</code>
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </div>
    </Card>
  )
}
