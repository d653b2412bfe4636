import { cn } from '@berth/ui/cn'
import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'

export interface Crumb {
  readonly label: string
  readonly href: string
}

/** One page: breadcrumb, title, what it is for, its actions, its content. */
export function Page({
  title,
  description,
  crumbs,
  actions,
  wide = false,
  children,
}: {
  readonly title: ReactNode
  readonly description?: ReactNode
  /** The pages above this one, the nearest last. */
  readonly crumbs?: readonly Crumb[]
  readonly actions?: ReactNode
  readonly wide?: boolean
  readonly children: ReactNode
}) {
  return (
    <div className={cn('mx-auto grid w-full gap-5 px-4 py-5 sm:px-6 lg:py-7', wide ? 'max-w-[90rem]' : 'max-w-6xl')}>
      <div className="grid gap-1.5">
        {crumbs && <Breadcrumb crumbs={crumbs} />}
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <div className="min-w-0">
            <h1 className="break-words text-xl font-semibold tracking-tight">{title}</h1>
            {description && <p className="mt-1 max-w-prose text-secondary">{description}</p>}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </div>
      </div>
      {children}
    </div>
  )
}

function Breadcrumb({ crumbs }: { readonly crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb">
      <ol className="flex flex-wrap items-center gap-1 text-xs text-tertiary">
        {crumbs.map((crumb) => (
          <li key={crumb.href} className="flex items-center gap-1">
            <Link href={crumb.href} className="rounded-sm hover:text-ink hover:underline">
              {crumb.label}
            </Link>
            <ChevronRight aria-hidden className="size-3" />
          </li>
        ))}
      </ol>
    </nav>
  )
}
