import { FailureCallout } from '../../trpc/failure-callout.tsx'
import { conflictsOf } from '../../trpc/failure.ts'
import { ConflictCallout } from './conflict-list.tsx'

/** Why a change was not made: other reservations by name, where they are in the way. */
export function ChangeFailure({ title, error }: { readonly title: string; readonly error: unknown }) {
  const conflicts = conflictsOf(error)
  return conflicts.length > 0 ? (
    <ConflictCallout title={title} conflicts={conflicts} />
  ) : (
    <FailureCallout title={title} error={error} />
  )
}
