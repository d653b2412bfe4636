import { type ReactNode, useId } from 'react'
import { cn } from './cn.ts'

export interface FieldControl {
  readonly id: string
  readonly 'aria-describedby'?: string
  readonly 'aria-invalid'?: true
}

export interface FieldProps {
  readonly label: ReactNode
  /** What the field means, one hover away: the flag it becomes, its unit, its default. */
  readonly tip?: string
  readonly hint?: ReactNode
  readonly error?: string | undefined
  readonly className?: string
  readonly children: (control: FieldControl) => ReactNode
}

/** A label, a control, a hint and an error, tied together for assistive technology. */
export function Field({ label, tip, hint, error, className, children }: FieldProps) {
  const id = useId()
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className={cn('grid min-w-0 content-start gap-1', className)}>
      <label
        htmlFor={id}
        data-tip={tip}
        className={cn('text-xs font-medium text-secondary', tip && 'w-fit cursor-help')}
      >
        {label}
      </label>
      {children({
        id,
        ...(described ? { 'aria-describedby': described } : {}),
        ...(error ? { 'aria-invalid': true } : {}),
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-tertiary">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-xs text-bad">
          {error}
        </p>
      )}
    </div>
  )
}
