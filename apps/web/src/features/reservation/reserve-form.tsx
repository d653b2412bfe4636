'use client'

import { Skeleton } from '@berth/ui/skeleton'
import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { toast } from 'sonner'
import { paths } from '../../paths.ts'
import type { ReservedWhat } from '../../trpc/types.ts'
import { useNow } from '../shell/when.tsx'
import { ReserveFields } from './reserve-fields.tsx'
import { useReserve } from './use-reserve.ts'

export interface ReserveFormProps {
  /** What is to be reserved; undefined while it cannot be said yet. */
  readonly what: ReservedWhat | undefined
  /** Its purpose, where nobody types another. */
  readonly suggestion: string
  /** What has to be said first. */
  readonly missing?: string | undefined
  /** Fields that say what is reserved. */
  readonly children?: ReactNode
}

/** Reserves, and leads to what was reserved. */
export function ReserveForm(props: ReserveFormProps) {
  const now = useNow()
  // The reader's clock runs in the browser alone.
  return now === undefined ? <Skeleton className="h-60" /> : <TimedForm {...props} now={now} />
}

function TimedForm({ what, suggestion, missing, now, children }: ReserveFormProps & { readonly now: number }) {
  const router = useRouter()
  const reserving = useReserve({
    what,
    now,
    suggestion,
    onReserved: ({ id, machine }) => {
      toast.success(`Reserved on ${machine.name}.`)
      router.push(paths.reservation(id))
      router.refresh()
    },
  })
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        reserving.submit()
      }}
    >
      {children}
      <ReserveFields reserving={reserving} suggestion={suggestion} now={now} missing={missing} />
    </form>
  )
}
