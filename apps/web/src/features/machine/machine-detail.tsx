import {
  formatFigure,
  formatSeconds,
  gpuMemoryFree,
  gpuMemoryFreeNow,
  gpuMemoryTotal,
  type MachineFigure,
  machineFigureOf,
} from '@berth/core'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Badge } from '@berth/ui/badge'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { CodeBlock } from '@berth/ui/code-block'
import type { ReactNode } from 'react'
import type { MachineDetail, MachineMemory } from '../../trpc/types.ts'
import { LabelList } from '../fleet/label-list.tsx'
import { DeviceTable } from './device-table.tsx'
import { EditFigure } from './edit-figure.tsx'
import { ReadWhen, StaleCallout } from './freshness.tsx'
import { GpuBars } from './gpu-bars.tsx'
import { MachineLinks } from './machine-links.tsx'
import { MaintenanceCallout } from './maintenance.tsx'
import { MissingDevices } from './missing-devices.tsx'
import { OverrideList } from './override-list.tsx'

/** Lines of the raw text that are drawn; all of them can be copied. */
const MAX_DRAWN = 200_000

export function MachineDetailView({
  machine,
  memory,
}: {
  readonly machine: MachineDetail
  readonly memory: MachineMemory
}) {
  return (
    <>
      <MaintenanceCallout name={machine.name} maintenance={machine.maintenance}>
        Plans leave it out unless it is named.
      </MaintenanceCallout>
      <StaleCallout machine={machine} />
      <MissingDevices machine={machine} />
      <Card aria-label="Facts">
        <CardBody className="pt-4">
          <MachineFacts machine={machine} />
          {machine.devices.length === 0 && <SetByHand machine={machine} />}
        </CardBody>
      </Card>
      {machine.devices.length > 0 && (
        <>
          <Card>
            <CardHeader
              title="Memory"
              description={
                wasRead(machine)
                  ? 'Measured when it was last read; reserved and planned as of now. GPUs are drawn to one scale.'
                  : 'Not measured. GPUs are drawn to one scale.'
              }
            />
            <CardBody>
              <GpuBars machine={machine} memory={memory} />
            </CardBody>
          </Card>
          <Card>
            <CardHeader title="GPUs" description="Every figure says how it is known. The pencil sets one by hand." />
            <div className="pb-2 pt-2">
              <DeviceTable machine={machine} memory={memory} />
            </div>
            <SetByHand machine={machine} />
          </Card>
        </>
      )}
      {hasLinks(machine) && <MachineLinks machine={machine} />}
      {machine.rawText && (
        <Card>
          <details>
            <summary className="rounded-lg px-4 py-3.5 text-sm font-semibold sm:px-5">
              What it was read from
              <span className="ml-2 font-normal text-secondary">
                {machine.reportSeconds === null ? 'as it was pasted' : 'as it was reported'}
              </span>
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

/** One GPU has nothing to be linked with. */
const hasLinks = ({ devices, networkInterfaces }: MachineDetail): boolean =>
  devices.length > 1 || networkInterfaces !== undefined

function MachineFacts({ machine }: { readonly machine: MachineDetail }) {
  const [now, after] = [gpuMemoryFreeNow(machine), gpuMemoryFree(machine)]
  const unknown = <span className="font-normal text-tertiary">unknown</span>
  const none = <span className="font-normal text-tertiary">none</span>
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3.5 sm:grid-cols-4">
      <Fact term="GPU memory">
        <ByteFigure bytes={gpuMemoryTotal(machine)} />
      </Fact>
      <Fact term="Free now">
        {now === undefined ? unknown : <ByteFigure bytes={now} note="When it was last measured" />}
      </Fact>
      <Fact term="Free after reservations">
        {after === undefined ? unknown : <ByteFigure bytes={after} note="What plans find" />}
      </Fact>
      <Fact term="RAM">
        {machine.hostMemoryTotal === undefined ? unknown : <ByteFigure bytes={machine.hostMemoryTotal} />}
        <EditHost machine={machine} figure="hostMemoryTotal" />
      </Fact>
      <Fact term="Driver">{machine.driverVersion ?? unknown}</Fact>
      <Fact term="Processor">{machine.cpuName ?? unknown}</Fact>
      <Fact term="Cores">
        {machine.cpuCores ?? unknown}
        <EditHost machine={machine} figure="cpuCores" />
      </Fact>
      <Fact term="RAM bandwidth">
        {machine.hostMemoryBandwidthBytesPerSecond === undefined
          ? unknown
          : formatFigure('bytes-per-second', machine.hostMemoryBandwidthBytesPerSecond)}
        <EditHost machine={machine} figure="hostMemoryBandwidthBytesPerSecond" />
      </Fact>
      <Fact term="Site">{machine.site ?? none}</Fact>
      <Fact term="Team">{machine.owner ?? none}</Fact>
      <Fact term="Source">{sourceOf(machine)}</Fact>
      <Fact term="Read">
        <ReadWhen machine={machine} />
      </Fact>
      {Object.keys(machine.labels).length > 0 && (
        <Fact term="Labels" wide>
          <LabelList labels={machine.labels} />
        </Fact>
      )}
    </dl>
  )
}

function EditHost({ machine, figure }: { readonly machine: MachineDetail; readonly figure: MachineFigure }) {
  const override = machine.overrides.find((one) => one.deviceId === null && one.figure === figure)
  return (
    <span className="ml-1 inline-flex items-center gap-1 align-middle">
      {override && <Badge data-tip={`Set by hand: ${override.reason}`}>typed</Badge>}
      <EditFigure
        key={`${override?.setAt} ${machine.revision}`}
        machineId={machine.id}
        figure={figure}
        of={machine.name}
        value={machineFigureOf(machine, figure)}
        override={override}
      />
    </span>
  )
}

function SetByHand({ machine }: { readonly machine: MachineDetail }) {
  if (machine.overrides.length === 0) return undefined
  return (
    <div className="px-4 pb-4 pt-2 sm:px-5">
      <OverrideList machine={machine} />
    </div>
  )
}

/** Machines of the catalogue and clones were never read. */
const wasRead = ({ rawText }: MachineDetail): boolean => rawText !== ''

function sourceOf(machine: MachineDetail): string {
  if (machine.sample) return 'sample lab'
  if (machine.reportSeconds !== null) return `its collector, every ${formatSeconds(machine.reportSeconds)}`
  return wasRead(machine) ? 'imported text' : 'catalogue or clone, not read'
}

function Fact({
  term,
  wide = false,
  children,
}: {
  readonly term: string
  readonly wide?: boolean
  readonly children: ReactNode
}) {
  return (
    <div className={wide ? 'col-span-full min-w-0' : 'min-w-0'}>
      <dt className="text-xs text-tertiary">{term}</dt>
      <dd className="mt-0.5 break-words font-medium tabular-nums">{children}</dd>
    </div>
  )
}
