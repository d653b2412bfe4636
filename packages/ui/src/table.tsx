import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

/*
 * Roles are spelled out because a table that turns into cards on a narrow screen (`cards`) is no longer laid out as a
 * table, and browsers then drop its semantics.
 */

/** Positioned, so that what is hidden in a cell scrolls with it instead of widening the page. */
export function Table({
  label,
  cards = false,
  flush = false,
  className,
  ...props
}: ComponentProps<'table'> & {
  readonly label: string
  /** Rows become cards below 640 px; every cell then needs `data-label`. */
  readonly cards?: boolean
  /** Lines up with the text around it instead of with a card's edge. */
  readonly flush?: boolean
}) {
  return (
    <div
      className={cn('relative min-w-0', cards ? 'sm:overflow-x-auto' : 'overflow-x-auto')}
      {...(cards ? {} : { tabIndex: 0, role: 'region', 'aria-label': `${label}, scrolls sideways` })}
    >
      <table
        role="table"
        aria-label={label}
        {...props}
        className={cn(
          'w-full border-collapse text-left text-sm',
          cards && 'table-cards',
          flush && '[&_:is(th,td):first-child]:pl-0 [&_:is(th,td):last-child]:pr-0',
          className,
        )}
      />
    </div>
  )
}

export const TableHead = (props: ComponentProps<'thead'>) => (
  <thead role="rowgroup" {...props} className={cn('border-b border-line', props.className)} />
)
export const TableBody = (props: ComponentProps<'tbody'>) => <tbody role="rowgroup" {...props} />

export function TableRow({ className, ...props }: ComponentProps<'tr'>) {
  return <tr role="row" {...props} className={cn('border-b border-line last:border-0', className)} />
}

export function TableHeading({
  className,
  numeric = false,
  ...props
}: ComponentProps<'th'> & { readonly numeric?: boolean }) {
  return (
    <th
      role="columnheader"
      scope="col"
      {...props}
      className={cn(
        'whitespace-nowrap px-3 py-2 text-xs font-medium text-secondary first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5',
        numeric && 'text-right',
        className,
      )}
    />
  )
}

export function TableRowHeading({ className, ...props }: ComponentProps<'th'>) {
  return (
    <th
      role="rowheader"
      scope="row"
      {...props}
      className={cn('px-3 py-2 font-medium first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5', className)}
    />
  )
}

export function TableCell({
  className,
  numeric = false,
  ...props
}: ComponentProps<'td'> & { readonly numeric?: boolean }) {
  return (
    <td
      role="cell"
      {...props}
      className={cn(
        'px-3 py-2 first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5',
        numeric && 'text-right tabular-nums',
        className,
      )}
    />
  )
}
