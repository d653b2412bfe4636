import { type Bytes, bytes } from '@berth/core'
import type { TimelineMachine, TimelinePlace } from '@berth/ui/reservation-timeline'
import { paths } from '../../paths.ts'
import type { ReservationTimelineView } from '../../trpc/types.ts'

type PlaceView = ReservationTimelineView['machines'][number]['places'][number]

/** The API's timeline as it is drawn; of one owner's bars alone where one is named. The steps stay those of all. */
export const timelineOf = (view: ReservationTimelineView, owner: string | null): readonly TimelineMachine[] =>
  view.machines.map(({ machine, places }) => ({
    ...machine,
    href: paths.machine(machine.id),
    places: places.map((place) => placeOf(place, owner)),
  }))

function placeOf({ place, name, capacity, steps, bars }: PlaceView, owner: string | null): TimelinePlace {
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
        bytes: sizeOf(size),
        startsAt: Date.parse(startsAt),
        endsAt: endsAt === null ? undefined : Date.parse(endsAt),
      })),
  }
}

const sizeOf = (size: number): Bytes => bytes(size)
