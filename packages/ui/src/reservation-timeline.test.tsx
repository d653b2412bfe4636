// @vitest-environment jsdom
import { gibibytes, reservationStates } from '@berth/core'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it, vi } from 'vitest'
import { ReservationTimeline, type ReservationTimelineProps, type TimelinePlace } from './reservation-timeline.tsx'
import { barClasses } from './timeline-bar.tsx'
import { TimelineTable } from './timeline-table.tsx'

// Before the formats are made, which keep the zone that they find.
vi.hoisted(() => vi.stubEnv('TZ', 'UTC'))

const at = (day: number, hour = 0) => Date.UTC(2026, 2, day, hour)

const gpu: TimelinePlace = {
  key: 'gpu-0',
  name: 'GPU 0',
  capacity: gibibytes(24),
  steps: [
    { at: at(9), bytes: gibibytes(12) },
    { at: at(11), bytes: gibibytes(20) },
    { at: at(12), bytes: gibibytes(8) },
  ],
  bars: [
    {
      key: 'r1',
      purpose: 'Support chat',
      owner: 'ops',
      state: 'active',
      bytes: gibibytes(12),
      startsAt: at(9),
      endsAt: at(12),
      href: '/reservations/r1',
    },
    {
      key: 'r2',
      purpose: 'Batch',
      owner: 'research',
      state: 'planned',
      bytes: gibibytes(8),
      startsAt: at(11),
      endsAt: undefined,
      href: '/reservations/r2',
    },
  ],
}

const timeline = (place: TimelinePlace, now = at(10)): ReservationTimelineProps => ({
  machines: [{ id: 'm', name: 'lab-01', href: '/machines/m', places: [place] }],
  zoom: 'week',
  span: { from: at(9), to: at(16) },
  now,
})

const render = (element: React.ReactElement): HTMLElement => {
  const holder = document.createElement('div')
  holder.innerHTML = renderToStaticMarkup(element)
  return holder
}
const draw = (place: TimelinePlace, now?: number) => render(<ReservationTimeline {...timeline(place, now)} />)

describe('ReservationTimeline', () => {
  it('makes every bar a link that says all it shows', () => {
    const bars = [...draw(gpu).querySelectorAll('li a')]
    expect(bars.map((bar) => [bar.getAttribute('href'), bar.getAttribute('aria-label')])).toEqual([
      [
        '/reservations/r1',
        'Support chat: Active, 12.00 GiB on GPU 0 of lab-01; 9 Mar 2026, 00:00 → 12 Mar 2026, 00:00; Owner: ops',
      ],
      [
        '/reservations/r2',
        'Batch: Planned, 8.00 GiB on GPU 0 of lab-01; 11 Mar 2026, 00:00 → open-ended; Owner: research',
      ],
    ])
  })

  it('draws an arrow on what is open-ended alone', () => {
    expect(
      [...draw(gpu).querySelectorAll('li a')].map((bar) => bar.querySelectorAll('svg.lucide-arrow-right').length),
    ).toEqual([0, 1])
  })

  it.each<[string, TimelinePlace, number, string]>([
    [
      'now and at the fullest',
      gpu,
      at(10),
      'Reserved of GPU 0 of lab-01: 12.00 GiB of 24.00 GiB free now, 4.00 GiB free at the fullest',
    ],
    // what was fuller is over
    ['now alone when less is to come', gpu, at(13), 'Reserved of GPU 0 of lab-01: 16.00 GiB of 24.00 GiB free now'],
    ['once where now is the fullest', gpu, at(11, 5), 'Reserved of GPU 0 of lab-01: 4.00 GiB of 24.00 GiB free now'],
    [
      'at the fullest where now is elsewhere',
      gpu,
      at(30),
      'Reserved of GPU 0 of lab-01: 4.00 GiB of 24.00 GiB free at the fullest',
    ],
    [
      'by how much there is too little, when memory has gone',
      { ...gpu, capacity: gibibytes(16) },
      at(11, 5),
      'Reserved of GPU 0 of lab-01: 4.00 GiB more reserved than its 16.00 GiB now',
    ],
    [
      'without a capacity',
      { ...gpu, capacity: undefined },
      at(10),
      'Reserved of GPU 0 of lab-01: 20.00 GiB reserved at the fullest',
    ],
  ])('says what is free %s', (_, place, now, title) => {
    expect(draw(place, now).querySelector('title')?.textContent).toBe(title)
  })

  it('marks now only within the span', () => {
    expect(draw(gpu).textContent).toContain('nowlab-01')
    expect(draw(gpu, at(30)).textContent).not.toContain('nowlab-01')
  })

  it('gives no two states the same look', () => {
    expect(new Set(Object.values(barClasses)).size).toBe(reservationStates.length)
  })
})

it('tells the same in a table', () => {
  const rows = render(<TimelineTable {...timeline(gpu)} />).querySelectorAll('tbody tr')
  expect([...rows].map((row) => [...row.children].map(({ textContent }) => textContent))).toEqual([
    ['Support chat', 'lab-01, GPU 0', '12.00 GiB of 24.00 GiB', 'Active', '9 Mar 2026, 00:00 → 12 Mar 2026, 00:00'],
    ['Batch', 'lab-01, GPU 0', '8.00 GiB of 24.00 GiB', 'Planned', '11 Mar 2026, 00:00 → open-ended'],
  ])
})
