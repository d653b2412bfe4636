'use client'

import type { MachineFilter } from '@berth/core'
import { Button } from '@berth/ui/button'
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '@berth/ui/dialog'
import { SlidersHorizontal } from 'lucide-react'
import type { ReactNode } from 'react'
import { chipsOf } from './list-query.ts'

/** The filters of a narrow screen, or of a page that has no room for them, behind a button that says how many there are. */
export function FacetSheet({
  filter,
  count,
  always = false,
  children,
}: {
  readonly filter: MachineFilter
  /** Machines that are left. */
  readonly count: number
  /** On a wide screen too. */
  readonly always?: boolean
  readonly children: ReactNode
}) {
  const chosen = chipsOf(filter).length
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button className={always ? undefined : 'lg:hidden'}>
          <SlidersHorizontal aria-hidden /> Filters{chosen > 0 && ` (${chosen})`}
        </Button>
      </DialogTrigger>
      <DialogContent title="Filters" shape="left">
        <div className="grid gap-5">
          {children}
          <DialogClose asChild>
            <Button variant="primary" className="sticky bottom-0">
              Show {count === 1 ? 'one machine' : `${count} machines`}
            </Button>
          </DialogClose>
        </div>
      </DialogContent>
    </Dialog>
  )
}
