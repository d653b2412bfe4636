import { Button, type ButtonProps } from '@berth/ui/button'
import { Dialog, DialogContent, DialogTrigger } from '@berth/ui/dialog'
import type { ComponentProps, ReactNode } from 'react'

export interface FormDialogProps extends Pick<ComponentProps<typeof Dialog>, 'open' | 'onOpenChange'> {
  /** What the button says that opens it. */
  readonly trigger: ReactNode
  /** How that button looks, where it is not the plain one. */
  readonly triggerProps?: Pick<ButtonProps, 'variant' | 'size' | 'className' | 'aria-label'>
  readonly title: string
  readonly description?: string
  readonly onSubmit: () => void
  /** Fields, what went wrong, and the button that submits. */
  readonly children: ReactNode
}

/** A button that opens a form. */
export function FormDialog({
  trigger,
  triggerProps,
  title,
  description,
  onSubmit,
  children,
  ...dialog
}: FormDialogProps) {
  return (
    <Dialog {...dialog}>
      <DialogTrigger asChild>
        <Button {...triggerProps}>{trigger}</Button>
      </DialogTrigger>
      <DialogContent title={title} {...(description !== undefined && { description })}>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            onSubmit()
          }}
        >
          {children}
        </form>
      </DialogContent>
    </Dialog>
  )
}
