import { Button } from '@berth/ui/button'
import { useEffect, useState } from 'react'

const words = {
  greedy: 'Planning every model on every kind of machine …',
  exact: 'An answer is below; looking for the best one …',
} as const

/** What is under way, for how long, and a way to end it. */
export function PackingProgress({
  phase,
  seconds,
  onCancel,
}: {
  readonly phase: keyof typeof words | 'idle'
  /** What the solver may take. */
  readonly seconds: number
  readonly onCancel: () => void
}) {
  const elapsed = useSeconds(phase)
  if (phase === 'idle') return null
  const ofLimit = phase === 'exact' ? ` of ${seconds} s at most, planning not counted` : ''
  return (
    <div role="status" className="flex flex-wrap items-center gap-3 rounded-md border border-line bg-surface px-4 py-3">
      <progress
        aria-label={words[phase]}
        className="h-1.5 w-40 accent-(--accent)"
        {...(phase === 'exact' ? { max: seconds, value: Math.min(elapsed, seconds) } : {})}
      />
      <span className="text-sm text-secondary">
        {words[phase]} <span className="tabular-nums">{elapsed} s</span>
        {ofLimit}
      </span>
      <Button size="sm" className="ml-auto" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  )
}

/** Whole seconds since the phase began. */
function useSeconds(phase: string): number {
  const [since, setSince] = useState({ phase, seconds: 0 })
  useEffect(() => {
    const began = performance.now()
    const timer = setInterval(() => setSince({ phase, seconds: Math.floor((performance.now() - began) / 1000) }), 250)
    return () => clearInterval(timer)
  }, [phase])
  return since.phase === phase ? since.seconds : 0
}
