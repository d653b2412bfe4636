import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

export const controlClasses =
  'w-full rounded-md border border-line-strong bg-surface px-3 text-sm text-ink placeholder:text-tertiary aria-invalid:border-bad disabled:opacity-55'

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input data-slot="input" {...props} className={cn(controlClasses, 'h-9', className)} />
}

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea data-slot="textarea" {...props} className={cn(controlClasses, 'py-2', className)} />
}
