import { type Bytes, bytes } from '@berth/core'
import type { TimelineMachine, TimelinePlace } from '@berth/ui/reservation-timeline'
import { paths } from '../../paths.ts'
import type { ReservationTimelineView } from '../../trpc/types.ts'

type PlaceView = ReservationTimelineView['machines'][number]['places'][number]

interface Shown {
  /** Whose bars alone; the steps stay those of all. */
  readonly owner?: string | null
  /** The reservation that the page is about. */
  readonly current?: string
}

/** The API's timeline as it is drawn. */
export const timelineOf = (view: ReservationTimelineView, shown: Shown): readonly TimelineMachine[] =>
  view.machines.map(({ machine, places }) => ({
    ...machine,
    href: paths.machine(machine.id),
    places: places.map((place) => placeOf(place, shown)),
  }))

function placeOf({ place, name, capacity, steps, bars }: PlaceView, { owner = null, current }: Shown): TimelinePlace {
  return {
    key: place.kind === 'host' ? 'host' : place.device,
    name,
    capacity: capacity === null ? undefined : sizeOf(capacity),
    steps: steps.map((step) => ({ at: Date.parse(step.at), bytes: sizeOf(step.bytes) })),
    bars: bars
      .filter(({ reservation }) => owner === null || reservation.owner === owner)
      .map(({ reservation: { id, ...told }, bytes: size, startsAt, endsAt }) => ({
        ...told,
        key: `${id} ${startsAt}`,
        href: paths.reservation(id),
        current: id === current,
        bytes: sizeOf(size),
        startsAt: Date.parse(startsAt),
        endsAt: endsAt === null ? undefined : Date.parse(endsAt),
      })),
  }
}

const sizeOf = (size: number): Bytes => bytes(size)
