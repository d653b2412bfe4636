import { percent } from './geometry/segments.ts'

/** A thin bar for one share of a whole inside a table cell; the cell beside it holds the figure. */
export function ShareBar({ share }: { readonly share: number }) {
  return (
    <svg aria-hidden width="100%" height="8" className="hidden min-w-16 sm:block">
      <rect width="100%" height="8" rx="2" fill="var(--surface-sunken)" />
      <rect width={percent(Math.min(1, Math.max(0, share)))} height="8" rx="2" fill="var(--segment-model)" />
    </svg>
  )
}
