import { type Bytes, bytes, formatBytes } from '@berth/core'
import { ByteFigure } from './byte-figure.tsx'
import { cn } from './cn.ts'

export interface StepBarsProps {
  readonly label: string
  readonly capacity: Bytes
  readonly steps: readonly { readonly label: string; readonly held: Bytes; readonly fails: boolean }[]
}

/** What one place holds after each step, on the scale of what it has; the step that asks for more is marked in words. */
export function StepBars({ label, capacity, steps }: StepBarsProps) {
  const scale = Math.max(capacity, ...steps.map(({ held }) => held))
  const share = (size: number): string => `${(size / scale) * 100}%`
  return (
    <figure className="grid gap-2">
      <figcaption className="text-xs text-tertiary">
        {label}; the line is its capacity of {formatBytes(capacity)}.
      </figcaption>
      <ol className="grid gap-2">
        {steps.map(({ label: step, held, fails }, at) => (
          <li
            key={step}
            className="grid gap-1 text-xs sm:grid-cols-[15rem_minmax(0,1fr)_11rem] sm:items-center sm:gap-3"
          >
            <span className="min-w-0 break-words">
              {at + 1}. {step}
            </span>
            <span aria-hidden className="relative h-4 rounded-sm bg-sunken">
              <span
                className={cn('absolute inset-y-0 left-0 rounded-sm', fails ? 'bg-bad' : 'bg-accent')}
                style={{ width: share(held) }}
              />
              <span className="absolute -inset-y-0.5 w-0.5 bg-ink" style={{ left: `calc(${share(capacity)} - 2px)` }} />
            </span>
            <span className={cn('tabular-nums', fails && 'font-medium text-bad')}>
              <ByteFigure bytes={held} />
              {fails && `, ✕ ${formatBytes(bytes(held - capacity))} too much`}
            </span>
          </li>
        ))}
      </ol>
    </figure>
  )
}
