'use client'

import { Button } from '@berth/ui/button'
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '@berth/ui/dialog'
import { Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { toast } from 'sonner'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import { failureCode, heldByReservations } from '../../trpc/failure.ts'

export interface RemoveDialogProps {
  readonly name: string
  /** What goes with it, and what does not. */
  readonly description: string
  readonly error: unknown
  readonly pending: boolean
  readonly onRemove: (choice: { readonly withPlans: boolean }) => void
  readonly onReset: () => void
  /** What else may be said with it. */
  readonly children?: ReactNode
}

/** Asks before something goes. Plans that refer to it go too only when that is asked for. */
export function RemoveDialog({ name, description, error, pending, onRemove, onReset, children }: RemoveDialogProps) {
  const inUse = failureCode(error) === 'in-use' && !heldByReservations(error)
  return (
    <Dialog onOpenChange={onReset}>
      <DialogTrigger asChild>
        <Button variant="danger">
          <Trash2 aria-hidden /> Remove
        </Button>
      </DialogTrigger>
      <DialogContent title={`Remove ${name}?`} description={description}>
        <div className="grid gap-4">
          {children}
          {error !== null && <FailureCallout title="It was not removed." error={error} />}
          <div className="flex flex-wrap gap-2">
            <Button variant="danger" disabled={pending} onClick={() => onRemove({ withPlans: inUse })}>
              {inUse ? 'Remove it and its plans' : 'Remove'}
            </Button>
            <DialogClose asChild>
              <Button variant="ghost">Keep it</Button>
            </DialogClose>
          </div>
        </div>
      </DialogContent>
    </Dialog>
  )
}

/** Back to the list that the removed thing stood in, saying that it is gone. */
export function useRemoved(name: string, list: string): () => void {
  const router = useRouter()
  return () => {
    toast.success(`Removed ${name}.`)
    router.push(list)
    router.refresh()
  }
}
