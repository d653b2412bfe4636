import type { ChangeView } from '../../trpc/types.ts'
import { fieldValue, fieldWords } from './field-words.ts'

type Difference = ChangeView['differences'][number]

/** Field by field what was and what is, in words and units. */
export function DifferenceList({ differences }: { readonly differences: readonly Difference[] }) {
  return (
    <ul className="grid gap-1 text-xs">
      {differences.map(({ path, before, after }) => (
        <li key={path} className="flex min-w-0 flex-wrap gap-x-2 break-words">
          <span className="text-secondary">{fieldWords(path)}</span>{' '}
          <DifferenceValues path={path} before={before} after={after} />
        </li>
      ))}
    </ul>
  )
}

/** A GPU comes and goes; any other field has a value or none. */
const GPU = /^GPU \d+$/

function DifferenceValues({ path, before, after }: Difference) {
  if (before === null && after === null) return <span>changed</span>
  const now = after !== null && <ins className="no-underline">{fieldValue(path, after)}</ins>
  if (path === 'origin') return <span>{now}</span>
  if (path === 'maintenance') return <span>{after === null ? 'ended' : 'begun'}</span>
  if (before === null) {
    return (
      <span className="tabular-nums">
        {GPU.test(path) ? 'added ' : 'set to '}
        {now}
      </span>
    )
  }
  return (
    <span className="min-w-0 break-words tabular-nums">
      <del className="text-tertiary">{fieldValue(path, before)}</del>
      {after !== null && ' → '}
      {now}
      {after === null && (GPU.test(path) ? ' is gone' : ' → nothing')}
    </span>
  )
}
