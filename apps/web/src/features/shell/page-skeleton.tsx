import { Skeleton } from '@berth/ui/skeleton'
import { Page } from './page.tsx'

/** A page whose data is on its way, in the shape of a list. */
export function PageSkeleton({
  title,
  rows = 5,
  wide = false,
}: {
  readonly title: string
  readonly rows?: number
  readonly wide?: boolean
}) {
  return (
    <Page title={title} wide={wide}>
      <div role="status" className="grid gap-2 rounded-lg border border-line bg-surface p-5">
        <span className="sr-only">Loading</span>
        {Array.from({ length: rows }, (_, row) => (
          <Skeleton key={row} className="h-9" />
        ))}
      </div>
    </Page>
  )
}
