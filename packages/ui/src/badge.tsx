import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

const badgeVariants = cva(
  'inline-flex w-fit shrink-0 items-center gap-1 whitespace-nowrap rounded px-1.5 text-xs font-medium leading-5',
  {
    variants: {
      tone: {
        neutral: 'bg-sunken text-secondary ring-1 ring-inset ring-line',
        accent: 'bg-accent-soft text-accent',
        good: 'bg-good-soft text-good',
        tight: 'bg-tight-soft text-tight',
        bad: 'bg-bad-soft text-bad',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
)

export type BadgeTone = NonNullable<VariantProps<typeof badgeVariants>['tone']>

export function Badge({ tone, className, ...props }: ComponentProps<'span'> & VariantProps<typeof badgeVariants>) {
  return <span data-slot="badge" {...props} className={cn(badgeVariants({ tone }), className)} />
}
