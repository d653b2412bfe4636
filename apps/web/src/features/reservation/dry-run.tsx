import { bytes } from '@berth/core'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Callout } from '@berth/ui/callout'
import { Skeleton } from '@berth/ui/skeleton'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { ReservationDryRun } from '../../trpc/types.ts'
import { ConflictCallout } from './conflict-list.tsx'

export interface DryRunProps {
  readonly answer: ReservationDryRun | undefined
  readonly error: unknown
  /** Another answer is on its way. */
  readonly pending: boolean
  readonly onFitsFrom?: (at: number) => void
}

/** What would be reserved, and whether it can be: asked again at every change of the form. */
export function DryRun({ answer, error, pending, onFitsFrom }: DryRunProps) {
  if (error !== null && error !== undefined) return <FailureCallout title="It cannot be reserved." error={error} />
  if (answer === undefined) return <Skeleton className="h-24" />
  return (
    <div aria-live="polite" aria-busy={pending} className={pending ? 'grid gap-3 opacity-60' : 'grid gap-3'}>
      {answer.memory.length > 0 && <Wanted answer={answer} />}
      {!answer.allowed && answer.conflicts.length > 0 && (
        <ConflictCallout
          title="It does not fit beside what is reserved."
          conflicts={answer.conflicts}
          fitsFrom={answer.fitsFrom}
          {...(onFitsFrom && { onFitsFrom })}
        />
      )}
      {!answer.allowed && answer.conflicts.length === 0 && (
        <Callout tone="error" title="It cannot be reserved.">
          <Sentences sentences={answer.explanation} />
        </Callout>
      )}
      {answer.warnings.length > 0 && (
        <Callout tone="warning" title="Before you reserve it">
          <Sentences sentences={answer.warnings} />
        </Callout>
      )}
      {answer.allowed && <p className="text-sm text-good">It fits: nothing else is reserved of these bytes then.</p>}
    </div>
  )
}

function Sentences({ sentences }: { readonly sentences: readonly string[] }) {
  return sentences.map((sentence) => <p key={sentence}>{sentence}</p>)
}

function Wanted({ answer: { machine, memory } }: { readonly answer: ReservationDryRun }) {
  return (
    <Table label={`What would be reserved of ${machine.name}`} cards flush>
      <TableHead>
        <TableRow>
          <TableHeading>Place</TableHeading>
          <TableHeading numeric>To reserve</TableHeading>
          <TableHeading numeric data-tip="The most that others hold in one moment of that time.">
            Reserved by others
          </TableHeading>
          <TableHeading numeric>Capacity</TableHeading>
        </TableRow>
      </TableHead>
      <TableBody>
        {memory.map(({ name, bytes: size, reserved, capacity }) => (
          <TableRow key={name}>
            <TableRowHeading>{name}</TableRowHeading>
            <TableCell data-label="To reserve" numeric>
              <ByteFigure bytes={bytes(size)} />
            </TableCell>
            <TableCell data-label="Reserved by others" numeric>
              <ByteFigure bytes={bytes(reserved)} />
            </TableCell>
            <TableCell data-label="Capacity" numeric>
              <ByteFigure bytes={bytes(capacity)} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}
