import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'
import { controlClasses } from './input.tsx'

export interface SelectOption {
  readonly value: string
  readonly label: string
  /** Shown, and not to be chosen; the label says why. */
  readonly disabled?: boolean
}

/** The browser's own select: no script of ours, and the phone's own picker. */
export function Select({
  options,
  className,
  ...props
}: ComponentProps<'select'> & { readonly options: readonly SelectOption[] }) {
  return (
    <span className={cn('relative block', className)}>
      <select data-slot="select" {...props} className={cn(controlClasses, 'h-9 appearance-none pr-8')}>
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute right-2.5 top-2.5 size-4 text-tertiary" />
    </span>
  )
}
