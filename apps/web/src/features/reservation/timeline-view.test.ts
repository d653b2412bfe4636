import { bytes } from '@berth/core'
import { expect, it } from 'vitest'
import type { ReservationTimelineView } from '../../trpc/types.ts'
import { timelineOf } from './timeline-view.ts'

const held = (id: string, owner: string) => ({
  reservation: { id, owner, purpose: `of ${owner}`, state: 'active' },
  bytes: 5,
  startsAt: '2026-03-10T08:00:00.000Z',
  endsAt: id === 'open' ? null : '2026-03-11T08:00:00.000Z',
})

const view = {
  now: '2026-03-10T09:00:00.000Z',
  machines: [
    {
      machine: { id: 'm 1', name: 'lab-01' },
      places: [
        {
          place: { kind: 'device', device: 'gpu-0' },
          name: 'GPU 0',
          capacity: 24,
          steps: [{ at: '2026-03-10T08:00:00.000Z', bytes: 10 }],
          bars: [held('open', 'ops'), held('other', 'sales')],
        },
        { place: { kind: 'host' }, name: 'The host', capacity: null, steps: [], bars: [] },
      ],
    },
  ],
} as unknown as ReservationTimelineView

const [eight, nextDay] = [Date.UTC(2026, 2, 10, 8), Date.UTC(2026, 2, 11, 8)]

it('draws the timeline of the API', () => {
  const [machine] = timelineOf(view, { current: 'other' })
  expect(machine).toMatchObject({ id: 'm 1', name: 'lab-01', href: '/machines/m%201' })
  const [gpu, host] = machine!.places
  expect(host).toEqual({ key: 'host', name: 'The host', capacity: undefined, steps: [], bars: [] })
  expect(gpu).toMatchObject({ key: 'gpu-0', capacity: bytes(24), steps: [{ at: eight, bytes: bytes(10) }] })
  expect(gpu!.bars).toEqual(
    [
      { id: 'open', owner: 'ops', endsAt: undefined, current: false },
      { id: 'other', owner: 'sales', endsAt: nextDay, current: true },
    ].map(({ id, owner, ...rest }) => ({
      ...{ key: `${id} 2026-03-10T08:00:00.000Z`, href: `/reservations/${id}`, owner, purpose: `of ${owner}` },
      ...{ state: 'active', bytes: bytes(5), startsAt: eight },
      ...rest,
    })),
  )
})

it('leaves the bars of others out, and what is reserved in all', () => {
  const [gpu] = timelineOf(view, { owner: 'ops' })[0]!.places
  expect(gpu!.bars.map(({ owner }) => owner)).toEqual(['ops'])
  expect(gpu!.steps).toHaveLength(1)
})
