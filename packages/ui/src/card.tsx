import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn.ts'

export function Card({ className, ...props }: ComponentProps<'section'>) {
  return (
    <section
      data-slot="card"
      {...props}
      className={cn('min-w-0 rounded-lg border border-line bg-surface', className)}
    />
  )
}

export function CardHeader({
  title,
  description,
  actions,
  level: Heading = 'h2',
}: {
  readonly title: ReactNode
  readonly description?: ReactNode
  readonly actions?: ReactNode
  readonly level?: 'h2' | 'h3'
}) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-3.5 sm:px-5">
      <div className="min-w-0">
        <Heading className="text-sm font-semibold">{title}</Heading>
        {description && <p className="mt-0.5 text-xs text-secondary">{description}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  )
}

export function CardBody({ className, ...props }: ComponentProps<'div'>) {
  return <div {...props} className={cn('px-4 pb-4 pt-3 sm:px-5 sm:pb-5', className)} />
}
