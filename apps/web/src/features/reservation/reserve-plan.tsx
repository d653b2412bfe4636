'use client'

import { Button, type ButtonProps } from '@berth/ui/button'
import { Dialog, DialogContent, DialogTrigger } from '@berth/ui/dialog'
import { CalendarPlus } from 'lucide-react'
import type { ReservedWhat } from '../../trpc/types.ts'
import { ReserveForm } from './reserve-form.tsx'

/** Why a plan's memory cannot be reserved. */
export const NOTHING_TO_RESERVE = 'It does not fit as things are: there is no placement to reserve.'

/** Reserves what a plan needs on its machine. */
export function ReservePlan({
  what,
  machineName,
  suggestion,
  refusal,
  variant,
}: {
  readonly what: ReservedWhat
  readonly machineName: string
  readonly suggestion: string
  /** Why there is nothing to reserve. */
  readonly refusal: string | undefined
  readonly variant?: ButtonProps['variant']
}) {
  const label = (
    <>
      <CalendarPlus aria-hidden /> Reserve
    </>
  )
  if (refusal !== undefined) return <Button disabledReason={refusal}>{label}</Button>
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button variant={variant}>{label}</Button>
      </DialogTrigger>
      <DialogContent
        title={`Reserve on ${machineName}`}
        description="The memory of the best placement is promised to its owner for that time; no other reservation gets it. The plan is judged again first."
      >
        <ReserveForm what={what} suggestion={suggestion} />
      </DialogContent>
    </Dialog>
  )
}
