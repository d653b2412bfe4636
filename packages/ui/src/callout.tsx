import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

const tones = {
  info: { icon: Info, classes: 'border-accent/30 bg-accent-soft', mark: 'text-accent' },
  warning: { icon: TriangleAlert, classes: 'border-tight/30 bg-tight-soft', mark: 'text-tight' },
  error: { icon: CircleAlert, classes: 'border-bad/30 bg-bad-soft', mark: 'text-bad' },
} as const

/** A message in the page. Errors are announced; information is not. */
export function Callout({
  tone,
  title,
  children,
  actions,
}: {
  readonly tone: keyof typeof tones
  readonly title: ReactNode
  readonly children?: ReactNode
  readonly actions?: ReactNode
}) {
  const { icon: Icon, classes, mark } = tones[tone]
  return (
    <div
      {...(tone === 'error' ? { role: 'alert' } : {})}
      className={cn('flex gap-3 rounded-md border px-3.5 py-3 text-sm', classes)}
    >
      <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', mark)} />
      <div className="grid min-w-0 flex-1 gap-1.5">
        <p className="font-medium break-words">{title}</p>
        {children && <div className="grid gap-1.5 break-words text-secondary">{children}</div>}
        {actions && <div className="mt-1 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  )
}
