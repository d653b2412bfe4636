import { TriangleAlert } from 'lucide-react'

/** Sentences of warnings, each with a mark. */
export function WarningList({ warnings }: { readonly warnings: readonly string[] }) {
  return (
    <ul className="grid gap-1 text-xs">
      {warnings.map((warning) => (
        <li key={warning} className="flex gap-1.5">
          <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-tight" />
          <span className="min-w-0 break-words">{warning}</span>
        </li>
      ))}
    </ul>
  )
}
