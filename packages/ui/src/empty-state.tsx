import type { ReactNode } from 'react'

/** What a list shows when there is nothing to list: what would be here, and the exact next step. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
}: {
  readonly icon: ReactNode
  readonly title: string
  readonly children?: ReactNode
  readonly actions?: ReactNode
}) {
  return (
    <div className="grid justify-items-center gap-3 rounded-lg border border-dashed border-line-strong/60 px-5 py-10 text-center">
      <span aria-hidden className="text-tertiary [&_svg]:size-6">
        {icon}
      </span>
      <h2 className="font-semibold">{title}</h2>
      {children && <div className="grid w-full max-w-xl gap-3 text-secondary">{children}</div>}
      {actions && <div className="mt-1 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  )
}
