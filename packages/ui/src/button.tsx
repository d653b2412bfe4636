import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui/slot'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

export const buttonVariants = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md text-sm font-medium transition-colors aria-disabled:cursor-not-allowed aria-disabled:opacity-55 disabled:cursor-not-allowed disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-strong text-inverse hover:bg-strong-hover',
        secondary: 'border border-line-strong/60 bg-surface text-ink hover:bg-hover',
        ghost: 'text-secondary hover:bg-hover hover:text-ink',
        danger: 'border border-bad/50 bg-surface text-bad hover:bg-bad-soft',
      },
      size: { md: 'h-9 px-3.5', sm: 'h-8 px-2.5 text-xs', icon: 'size-9' },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
)

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof buttonVariants> {
  /** Puts the looks on the one child (a link) instead of a button. */
  readonly asChild?: boolean
  /** Disables the button and says why on hover and focus; it stays focusable, so that the reason can be found. */
  readonly disabledReason?: string | undefined
}

export function Button({ className, variant, size, asChild = false, disabledReason, onClick, ...props }: ButtonProps) {
  const Element = asChild ? Slot : 'button'
  const refused = disabledReason !== undefined
  return (
    <Element
      data-slot="button"
      {...(asChild ? {} : { type: 'button' as const })}
      {...props}
      {...(refused ? { 'aria-disabled': true, 'data-tip': disabledReason } : {})}
      onClick={refused ? (event) => event.preventDefault() : onClick}
      className={cn(buttonVariants({ variant, size }), className)}
    />
  )
}
