'use client'

import { Button, type ButtonProps } from '@berth/ui/button'
import { Dialog, DialogContent, DialogTrigger } from '@berth/ui/dialog'
import { CalendarPlus } from 'lucide-react'
import type { ReservedWhat } from '../../trpc/types.ts'
import { ReserveForm } from './reserve-form.tsx'

/** Reserves what a plan needs on its machine. */
export function ReservePlan({
  what,
  machineName,
  suggestion,
  variant,
}: {
  readonly what: ReservedWhat
  readonly machineName: string
  readonly suggestion: string
  readonly variant?: ButtonProps['variant']
}) {
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button variant={variant}>
          <CalendarPlus aria-hidden /> Reserve
        </Button>
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
