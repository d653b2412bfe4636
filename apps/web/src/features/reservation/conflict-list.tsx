import { bytes, formatBytes } from '@berth/core'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Button } from '@berth/ui/button'
import { Callout } from '@berth/ui/callout'
import { momentWords, windowWords } from '@berth/ui/time-words'
import Link from 'next/link'
import { paths } from '../../paths.ts'
import type { ReservationConflictView } from '../../trpc/types.ts'

export interface ConflictCalloutProps {
  readonly title: string
  readonly conflicts: readonly ReservationConflictView[]
  /** The earliest start at which it would fit; null where there is none, undefined where nobody asked. */
  readonly fitsFrom?: string | null
  /** Takes that start. */
  readonly onFitsFrom?: (at: number) => void
}

/** What stands in the way: which place lacks how much, when, and whose reservations hold it then. */
export function ConflictCallout({ title, conflicts, fitsFrom, onFitsFrom }: ConflictCalloutProps) {
  return (
    <Callout
      tone="error"
      title={title}
      actions={
        onFitsFrom &&
        fitsFrom && (
          <Button size="sm" onClick={() => onFitsFrom(Date.parse(fitsFrom))}>
            Begin then
          </Button>
        )
      }
    >
      <ul className="grid gap-2.5">
        {conflicts.map((conflict) => (
          <li key={`${conflict.name} ${conflict.at}`} className="grid gap-1">
            <Shortage conflict={conflict} />
          </li>
        ))}
      </ul>
      {fitsFrom !== undefined && (
        <p>
          {fitsFrom === null
            ? 'It fits at no later time either, as things are reserved.'
            : `It would fit from ${momentWords(Date.parse(fitsFrom))} on.`}
        </p>
      )}
    </Callout>
  )
}

function Shortage({ conflict }: { readonly conflict: ReservationConflictView }) {
  const { name, requested, reserved, capacity, short, at, reservations } = conflict
  const [asked, held, has, lacks] = [requested, reserved, capacity, short].map((size) => formatBytes(bytes(size)))
  if (reservations.length === 0) {
    return (
      <p>
        <strong className="font-medium text-ink">{name}</strong>: {asked} asked, and it has {has} in all.
      </p>
    )
  }
  return (
    <>
      <p>
        <strong className="font-medium text-ink">{name}</strong>: short by {lacks}. {asked} asked, and {held} of {has}{' '}
        reserved on {momentWords(Date.parse(at))} by
      </p>
      <ul className="grid list-disc gap-0.5 pl-4">
        {reservations.map(({ id, purpose, owner, bytes: size, startsAt, endsAt }) => (
          <li key={id}>
            <Link href={paths.reservation(id)} className="rounded-sm text-accent underline">
              {purpose}
            </Link>{' '}
            of {owner}: <ByteFigure bytes={bytes(size)} />,{' '}
            {windowWords(Date.parse(startsAt), endsAt === null ? undefined : Date.parse(endsAt))}
          </li>
        ))}
      </ul>
    </>
  )
}
