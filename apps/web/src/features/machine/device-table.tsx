import {
  type CataloguedDeviceFigure,
  type Device,
  type DeviceFigure,
  deviceFigureOf,
  deviceWarnings,
  explainMachineWarning,
  explainMemoryTotal,
  explainOverride,
  explainOverrideRefusal,
  figureWords,
  isCutIntoSlices,
  type Machine,
  type MemoryFigures,
  memoryWords,
  overrideRefusal,
  type Provenance,
} from '@berth/core'
import { Badge, type BadgeTone } from '@berth/ui/badge'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import { Fragment, type ReactNode } from 'react'
import type { MachineDetail, MachineMemory, MemoryPlace } from '../../trpc/types.ts'
import { bandwidthOf, flopsOf } from '../catalogue/gpu-figures.ts'
import { EditFigure } from './edit-figure.tsx'
import { WarningList } from './warning-list.tsx'

interface Fact {
  readonly term: string
  readonly meaning?: string
  readonly value: (device: Device, place: MemoryPlace | undefined) => ReactNode
  /** The figure that may be the catalogue’s. */
  readonly figure?: CataloguedDeviceFigure
  /** The figure that a person may set here. */
  readonly set?: DeviceFigure
  /** What stands where there is none. */
  readonly none?: string
}

const memoryFigures = {
  'memory.nominal': 'nominal',
  'memory.reported': 'reported',
  'memory.runtime': 'runtime',
  'memory.driverReserved': 'driverReserved',
  'memory.policyReserved': 'policyReserved',
} as const satisfies Partial<Record<DeviceFigure, keyof MemoryFigures>>

const facts: readonly Fact[] = [
  ...Object.entries(memoryFigures).map(([set, name]) => ({
    ...figureWords[set as keyof typeof memoryFigures],
    set: set as keyof typeof memoryFigures,
    value: ({ memory }: Device) => memory[name] && <ByteFigure bytes={memory[name].bytes} />,
    ...(name === 'policyReserved' && { none: 'nothing' }),
  })),
  ...(['measured', 'reserved', 'planned'] as const).map((figure) => ({
    term: memoryWords[figure].label,
    meaning: memoryWords[figure].hint,
    value: (_: Device, place: MemoryPlace | undefined) => placeFigure(place, figure),
  })),
  {
    term: 'Free now',
    meaning: 'When it was measured, whoever used it then.',
    value: (_, place) => (place?.free.now == null ? undefined : <ByteFigure bytes={place.free.now} />),
  },
  {
    term: 'Free after reservations',
    meaning: 'Once all that is reserved from now on is taken: what a plan finds.',
    value: (_, place) =>
      place?.free.afterReserved == null ? undefined : <ByteFigure bytes={place.free.afterReserved} />,
  },
  { term: 'Backend', value: ({ backend }) => backend },
  {
    ...figureWords.architecture,
    figure: 'architecture',
    set: 'architecture',
    value: ({ architecture }) => architecture,
  },
  { term: 'Compute units', value: ({ computeUnits }) => computeUnits },
  {
    ...figureWords['pcie.generation'],
    figure: 'pcie',
    set: 'pcie.generation',
    value: ({ pcie }) => nowOfMost('Gen ', pcie?.generation, pcie?.generationMax),
  },
  {
    ...figureWords['pcie.width'],
    figure: 'pcie',
    set: 'pcie.width',
    value: ({ pcie }) => nowOfMost('×', pcie?.width, pcie?.widthMax),
  },
  {
    ...figureWords.memoryBandwidthBytesPerSecond,
    figure: 'memoryBandwidthBytesPerSecond',
    set: 'memoryBandwidthBytesPerSecond',
    value: ({ memoryBandwidthBytesPerSecond: rate }) => rate && bandwidthOf(rate),
  },
  {
    ...figureWords.fp16FlopsPerSecond,
    figure: 'fp16FlopsPerSecond',
    set: 'fp16FlopsPerSecond',
    value: ({ fp16FlopsPerSecond: rate }) => rate && flopsOf(rate),
  },
  {
    term: 'Default power',
    figure: 'powerDefaultWatts',
    value: ({ powerDefaultWatts: watts }) => watts && `${watts} W`,
  },
  {
    ...figureWords.powerLimitWatts,
    set: 'powerLimitWatts',
    value: ({ powerLimitWatts: watts }) => watts && `${watts} W`,
  },
  {
    ...figureWords.displayAttached,
    set: 'displayAttached',
    value: ({ displayAttached }) => (displayAttached === undefined ? undefined : displayAttached ? 'yes' : 'no'),
  },
  { term: 'ECC', value: ({ eccEnabled }) => (eccEnabled === undefined ? undefined : eccEnabled ? 'on' : 'off') },
  { term: 'PCI bus', value: ({ pciBusId }) => pciBusId && <code className="font-mono text-xs">{pciBusId}</code> },
  { term: 'UUID', value: ({ uuid }) => uuid && <code className="break-all font-mono text-2xs">{uuid}</code> },
]

/** Of what was never measured nothing is said; of reservations and plans, that there are none. */
function placeFigure(place: MemoryPlace | undefined, figure: keyof typeof memoryWords): ReactNode {
  if (figure === 'measured') return place?.measured ? <ByteFigure bytes={place.measured.bytes} /> : undefined
  if (!place) return undefined
  const size = figure === 'reserved' ? place.reserved.peak : place.planned.bytes
  return size > 0 ? <ByteFigure bytes={size} /> : <span className="text-tertiary">nothing</span>
}

/** "×4 of ×16" where the slot gives less than the card could use. */
function nowOfMost(sign: string, now: number | undefined, most: number | undefined): string | undefined {
  if (now === undefined) return most === undefined ? undefined : `${sign}${most}`
  return most === undefined || most === now ? `${sign}${now}` : `${sign}${now} of ${sign}${most}`
}

/** Set figures are marked beside what they are; the list below the table tells the rest. */
export type Overridden = Machine & Pick<MachineDetail, 'overrides' | 'revision'>

/** All that is known of each GPU, and how it is known. Facts that no GPU has, and that nobody may set, are left out. */
export function DeviceTable({ machine, memory }: { readonly machine: Overridden; readonly memory: MachineMemory }) {
  const { devices } = machine
  const placeOf = ({ id }: Device) => memory.places.find(({ place }) => place.kind === 'device' && place.device === id)
  const known = facts.filter(
    ({ value, set }) => set || devices.some((device) => value(device, placeOf(device)) !== undefined),
  )
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
        {known.map((fact) => (
          <Fragment key={fact.term}>
            <TableRow>
              <TableRowHeading
                className="sticky left-0 z-10 bg-surface text-xs font-normal text-secondary sm:whitespace-nowrap"
                data-tip={fact.meaning}
              >
                {fact.term}
              </TableRowHeading>
              {devices.map((device) => (
                <TableCell key={device.id}>
                  <FactCell fact={fact} device={device} place={placeOf(device)} machine={machine} />
                </TableCell>
              ))}
            </TableRow>
            {fact.set === 'memory.policyReserved' && <ForPlans machine={machine} />}
          </Fragment>
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

/** What all the figures above come to. */
function ForPlans({ machine }: { readonly machine: Machine }) {
  return (
    <TableRow className="bg-sunken">
      <TableRowHeading className="sticky left-0 z-10 bg-sunken align-top text-xs font-semibold">
        For plans
      </TableRowHeading>
      {machine.devices.map((device) => (
        <TableCell key={device.id} className="align-top">
          {isCutIntoSlices(device, machine) ? (
            <Badge>not planned on</Badge>
          ) : (
            <ByteFigure bytes={device.memoryTotal} className="font-semibold" />
          )}
          <p className="mt-0.5 min-w-36 whitespace-normal text-xs text-secondary">
            {explainMemoryTotal(device, machine)}
          </p>
        </TableCell>
      ))}
    </TableRow>
  )
}

function FactCell({
  fact: { value, figure, set, none = 'unknown' },
  device,
  place,
  machine,
}: {
  readonly fact: Fact
  readonly device: Device
  readonly place: MemoryPlace | undefined
  readonly machine: Overridden
}) {
  const override = machine.overrides.find((one) => one.deviceId === device.id && one.figure === set)
  const memory =
    set && set in memoryFigures ? device.memory[memoryFigures[set as keyof typeof memoryFigures]] : undefined
  const catalogued = figure && device.fromCatalogue?.includes(figure) && value(device, place) !== undefined
  const provenance = override ? 'typed' : (memory?.provenance ?? (catalogued ? 'catalogue' : undefined))
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      {value(device, place) ?? <span className="text-tertiary">{none}</span>}
      {provenance && <ProvenanceBadge provenance={provenance} tip={override && `Set by hand: ${override.reason}`} />}
      {override?.hidesNewer && (
        <Badge tone="tight" data-tip={explainOverride(override, override.reading ?? undefined)}>
          newer reading
        </Badge>
      )}
      {set && (
        <EditFigure
          // What is typed begins with what holds.
          key={`${override?.setAt} ${machine.revision}`}
          machineId={machine.id}
          deviceId={device.id}
          figure={set}
          of={`GPU ${device.index}`}
          value={deviceFigureOf(device, set)}
          override={override}
          refusal={overrideRefusal(device, machine, set) && explainOverrideRefusal}
        />
      )}
    </span>
  )
}

const provenances = {
  measured: { tone: 'good', tip: 'Printed by a tool on the machine.' },
  catalogue: { tone: 'accent', tip: 'From the catalogue of GPUs.' },
  typed: { tone: 'neutral', tip: 'Typed in by hand.' },
} as const satisfies Record<Provenance, { tone: BadgeTone; tip: string }>

function ProvenanceBadge({ provenance, tip }: { readonly provenance: Provenance; readonly tip?: string | undefined }) {
  const { tone, tip: usual } = provenances[provenance]
  return (
    <Badge tone={tone} data-tip={tip ?? usual}>
      {provenance}
    </Badge>
  )
}
