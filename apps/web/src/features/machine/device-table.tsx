import {
  type CataloguedDeviceFigure,
  type Device,
  deviceWarnings,
  explainMachineWarning,
  type Machine,
  type Provenance,
} from '@berth/core'
import { Badge, type BadgeTone } from '@berth/ui/badge'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import type { ReactNode } from 'react'
import { bandwidthOf, flopsOf } from '../catalogue/gpu-figures.ts'
import { type Figure, memoryFigures, pcieSentence } from './machine-figures.ts'
import { WarningList } from './warning-list.tsx'

interface Fact {
  readonly term: string
  readonly meaning?: string
  readonly value: (device: Device) => ReactNode
  /** The figure that may be the catalogue’s. */
  readonly figure?: CataloguedDeviceFigure
}

const facts: readonly Fact[] = [
  {
    term: 'For plans',
    meaning: 'What a plan may use when nobody else does.',
    value: (device) => <ByteFigure bytes={device.memoryTotal} className="font-medium" />,
  },
  ...['Nominal', 'Reported', 'Runtime', 'Driver'].map((term) => ({
    term,
    value: (device: Device) => memoryFigure(memoryFigures(device).find((figure) => figure.term === term)),
  })),
  {
    term: 'Used when measured',
    value: ({ memoryUsed }) => (memoryUsed === undefined ? undefined : <ByteFigure bytes={memoryUsed} />),
  },
  { term: 'Backend', value: ({ backend }) => backend },
  { term: 'Architecture', figure: 'architecture', value: ({ architecture }) => architecture },
  { term: 'Compute units', value: ({ computeUnits }) => computeUnits },
  { term: 'PCIe', figure: 'pcie', value: pcieSentence },
  {
    term: 'Bandwidth',
    figure: 'memoryBandwidthBytesPerSecond',
    value: ({ memoryBandwidthBytesPerSecond: rate }) => rate && bandwidthOf(rate),
  },
  {
    term: 'FP16, dense',
    figure: 'fp16FlopsPerSecond',
    value: ({ fp16FlopsPerSecond: rate }) => rate && flopsOf(rate),
  },
  {
    term: 'Default power',
    figure: 'powerDefaultWatts',
    value: ({ powerDefaultWatts: watts }) => watts && `${watts} W`,
  },
  { term: 'Power limit', value: ({ powerLimitWatts: watts }) => watts && `${watts} W` },
  { term: 'ECC', value: ({ eccEnabled }) => (eccEnabled === undefined ? undefined : eccEnabled ? 'on' : 'off') },
  { term: 'PCI bus', value: ({ pciBusId }) => pciBusId && <code className="font-mono text-xs">{pciBusId}</code> },
  { term: 'UUID', value: ({ uuid }) => uuid && <code className="break-all font-mono text-2xs">{uuid}</code> },
]

/** All that is known of each GPU, and how it is known. Facts that no GPU has are left out. */
export function DeviceTable({ machine }: { readonly machine: Machine }) {
  const { devices } = machine
  const known = facts.filter(({ value }) => devices.some((device) => value(device) !== undefined))
  return (
    <Table label="GPUs">
      <TableHead>
        <TableRow>
          <TableHeading className="sticky left-0 z-10 bg-surface">Figure</TableHeading>
          {devices.map((device) => (
            <TableHeading key={device.id} className="min-w-40 whitespace-normal align-bottom">
              <span className="block text-ink">GPU {device.index}</span>
              <span className="font-normal">{device.name}</span>
            </TableHeading>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>
        {known.map(({ term, meaning, value, figure }) => (
          <TableRow key={term}>
            <TableRowHeading
              className="sticky left-0 z-10 bg-surface text-xs font-normal text-secondary sm:whitespace-nowrap"
              data-tip={meaning}
            >
              {term}
            </TableRowHeading>
            {devices.map((device) => (
              <TableCell key={device.id}>
                {value(device) ?? <span className="text-tertiary">unknown</span>}
                {figure && device.fromCatalogue?.includes(figure) && (
                  <ProvenanceBadge provenance="catalogue" className="ml-2" />
                )}
              </TableCell>
            ))}
          </TableRow>
        ))}
        {devices.some((device) => deviceWarnings(device).length > 0) && (
          <TableRow>
            <TableRowHeading className="sticky left-0 z-10 bg-surface align-top text-xs font-normal text-secondary">
              Remarks
            </TableRowHeading>
            {devices.map((device) => (
              <TableCell key={device.id} className="align-top">
                <WarningList
                  warnings={deviceWarnings(device).map((warning) => explainMachineWarning(warning, machine))}
                />
              </TableCell>
            ))}
          </TableRow>
        )}
      </TableBody>
    </Table>
  )
}

const provenances = {
  measured: { tone: 'good', tip: 'Printed by a tool on the machine.' },
  catalogue: { tone: 'accent', tip: 'From the catalogue of GPUs.' },
  typed: { tone: 'neutral', tip: 'Typed in by hand.' },
} as const satisfies Record<Provenance, { tone: BadgeTone; tip: string }>

function memoryFigure(figure: Figure | undefined): ReactNode {
  if (!figure?.value) return undefined
  return (
    <span className="flex flex-wrap items-center gap-2">
      <ByteFigure bytes={figure.value.bytes} note={figure.meaning} />
      <ProvenanceBadge provenance={figure.value.provenance} />
    </span>
  )
}

function ProvenanceBadge({ provenance, className }: { readonly provenance: Provenance; readonly className?: string }) {
  const { tone, tip } = provenances[provenance]
  return (
    <Badge tone={tone} data-tip={tip} className={className}>
      {provenance}
    </Badge>
  )
}
