'use client'

import { X } from 'lucide-react'
import * as DialogPrimitive from 'radix-ui/dialog'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

export const Dialog = DialogPrimitive.Root
export const DialogTrigger = DialogPrimitive.Trigger
export const DialogClose = DialogPrimitive.Close

const shapes = {
  centre:
    'left-1/2 top-1/2 max-h-[85dvh] w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 rounded-xl border',
  left: 'inset-y-0 left-0 w-[min(17rem,85vw)] border-r',
} as const

export interface DialogContentProps {
  readonly title: string
  readonly description?: string
  readonly shape?: keyof typeof shapes
  readonly className?: string
  readonly children: ReactNode
}

/** A modal with its title; on the left it is the menu of a narrow screen. */
export function DialogContent({ title, description, shape = 'centre', className, children }: DialogContentProps) {
  return (
    <DialogPrimitive.Portal>
      <DialogPrimitive.Overlay className="fixed inset-0 z-40 bg-black/50" />
      <DialogPrimitive.Content
        {...(description ? {} : { 'aria-describedby': undefined })}
        className={cn(
          'fixed z-40 flex flex-col overflow-hidden border-line bg-surface shadow-xl',
          shapes[shape],
          className,
        )}
      >
        <header className="flex items-start justify-between gap-4 px-5 pt-4">
          <div>
            <DialogPrimitive.Title className="font-semibold">{title}</DialogPrimitive.Title>
            {description && (
              <DialogPrimitive.Description className="mt-1 text-sm text-secondary">
                {description}
              </DialogPrimitive.Description>
            )}
          </div>
          <DialogPrimitive.Close
            aria-label="Close"
            className="-mr-1.5 -mt-0.5 rounded-md p-1.5 text-tertiary hover:bg-hover hover:text-ink"
          >
            <X aria-hidden className="size-4" />
          </DialogPrimitive.Close>
        </header>
        <div className="min-h-0 overflow-y-auto px-5 pb-5 pt-4">{children}</div>
      </DialogPrimitive.Content>
    </DialogPrimitive.Portal>
  )
}
