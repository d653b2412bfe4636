import { type Bytes, explainDeviceMemory, formatBytes, isCutIntoSlices, type Machine, memoryWords } from '@berth/core'
import { Badge } from '@berth/ui/badge'
import { BarLegend } from '@berth/ui/bar-legend'
import { ByteFigure } from '@berth/ui/byte-figure'
import { MemoryBar } from '@berth/ui/memory-bar'
import { commonScale } from '@berth/ui/segments'
import type { MachineMemory, MemoryPlace } from '../../trpc/types.ts'
import { placeBar } from './machine-figures.ts'

/**
 * One bar a place: what the driver keeps, what is measured, reserved and free, and outlined what saved plans would need.
 * GPUs are drawn to one scale and the host to its own.
 */
export function GpuBars({ machine, memory }: { readonly machine: Machine; readonly memory: MachineMemory }) {
  const gpus = memory.places.filter(({ place }) => place.kind === 'device')
  const host = memory.places.filter(({ place, capacity }) => place.kind === 'host' && capacity !== null)
  const bars = memory.places.map(placeBar)
  return (
    <div className="grid gap-4">
      <BarLegend
        kinds={['driver', 'measured', 'reserved']}
        margin={bars.some(({ margin }) => margin !== undefined)}
        marginWords={{ label: 'Kept back by your team', hint: 'No plan goes beyond this tick.' }}
        planned
      />
      <Bars machine={machine} places={gpus} />
      {host.length > 0 && <Bars machine={machine} places={host} />}
    </div>
  )
}

function Bars({ machine, places }: { readonly machine: Machine; readonly places: readonly MemoryPlace[] }) {
  const scale = commonScale(places.map(placeBar))
  return (
    <ul className="grid gap-4">
      {places.map((place) => (
        <PlaceRow key={place.name} machine={machine} place={place} scale={scale} />
      ))}
    </ul>
  )
}

function PlaceRow({
  machine,
  place,
  scale,
}: {
  readonly machine: Machine
  readonly place: MemoryPlace
  readonly scale: ReturnType<typeof commonScale>
}) {
  const { place: where, capacity } = place
  const device = where.kind === 'device' ? machine.devices.find(({ id }) => id === where.device) : undefined
  const { margin, ...bar } = placeBar(place)
  const notes = [...(device ? explainDeviceMemory(device, machine) : []), ...place.explanation]
  return (
    <li className="grid gap-1.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 text-xs">
        <p>
          <span className="font-medium">{device ? `GPU ${device.index}` : 'Host memory'}</span>{' '}
          <span className="text-secondary">{device?.name}</span>{' '}
          {device && isCutIntoSlices(device, machine) && <Badge>not planned on</Badge>}
        </p>
        <p className="text-secondary">
          <Taken place={place} />
          {capacity !== null && (
            <>
              {' of '}
              <ByteFigure bytes={capacity} note="What a plan may use when nobody else does" />
            </>
          )}
          <Planned place={place} />
        </p>
      </div>
      <MemoryBar
        label={device ? `GPU ${device.index}, ${device.name}` : 'Host memory'}
        {...bar}
        scale={scale}
        {...(margin !== undefined && { margin })}
      />
      {notes.map((note) => (
        <p key={note} className="text-xs text-secondary">
          {note}
        </p>
      ))}
    </li>
  )
}

/** "1.00 GiB measured, 8.00 GiB reserved": what is taken, or will be. */
function Taken({ place: { measured, reserved } }: { readonly place: MemoryPlace }) {
  return (
    <>
      {measured ? (
        <>
          <ByteFigure bytes={measured.bytes} note={memoryWords.measured.hint} /> measured
        </>
      ) : (
        'use not measured'
      )}
      {reserved.peak > 0 && (
        <>
          {', '}
          <ByteFigure
            bytes={reserved.peak}
            note={`${memoryWords.reserved.hint}\n${formatBytes(reserved.now)} of it holds now.\n${namesOf(reserved.by)}`}
          />{' '}
          reserved
        </>
      )}
    </>
  )
}

/** Apart from what is taken, since it takes nothing. */
const Planned = ({ place: { planned } }: { readonly place: MemoryPlace }) =>
  planned.bytes > 0 && (
    <>
      {'; '}
      <ByteFigure bytes={planned.bytes} note={`${memoryWords.planned.hint}\n${namesOf(planned.by)}`} /> planned
    </>
  )

/** Named in a tip; the lists of reservations and plans have all of them. */
const MOST_NAMED = 5

function namesOf(claims: readonly { readonly name: string; readonly bytes: Bytes }[]): string {
  const named = claims.slice(0, MOST_NAMED).map(({ name, bytes }) => `${name}: ${formatBytes(bytes)}`)
  const more = claims.length - named.length
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
}
