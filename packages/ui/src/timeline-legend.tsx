import { reservationStates } from '@berth/core'
import { ArrowRight } from 'lucide-react'
import { cn } from './cn.ts'
import { reservationLooks } from './reservation-state.tsx'
import { barClasses } from './timeline-bar.tsx'

/** The key to the bars and the outline of a timeline. */
export function TimelineLegend() {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-secondary">
      {reservationStates.map((state) => {
        const { icon: Icon, word, hint } = reservationLooks[state]
        return (
          <li key={state} className="flex items-center gap-1.5" data-tip={hint}>
            <span aria-hidden className={cn('h-3.5 w-6 rounded border', barClasses[state])} />
            <Icon aria-hidden className="size-3" />
            {word}
          </li>
        )
      })}
      <li className="flex items-center gap-1.5">
        <ArrowRight aria-hidden className="size-3.5" />
        Open-ended
      </li>
      <li
        className="flex items-center gap-1.5"
        data-tip="The sum of all reservations; the dashed line is what can be reserved."
      >
        <svg aria-hidden width="24" height="14" viewBox="0 0 24 14">
          <path d="M0 14V8H10V4H24V14Z" fill="var(--reserved)" fillOpacity="0.22" stroke="var(--reserved)" />
          <path d="M0 1H24" stroke="var(--line-strong)" strokeDasharray="3 3" />
        </svg>
        Reserved of the capacity
      </li>
    </ul>
  )
}
