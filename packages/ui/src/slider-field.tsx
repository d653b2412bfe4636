'use client'

import { groupThousands } from '@berth/core'
import { useState } from 'react'
import { cn } from './cn.ts'
import { Field } from './field.tsx'
import type { SliderScale } from './geometry/slider-scale.ts'
import { controlClasses } from './input.tsx'

export interface SliderFieldProps {
  readonly label: string
  readonly tip?: string
  readonly hint?: string
  readonly value: number
  readonly onChange: (value: number) => void
  readonly scale: SliderScale
  readonly min: number
  readonly max: number
  /** Shown beside the number: "tokens", "MiB". */
  readonly unit?: string
}

/** A slider for finding the value and a number field for stating it; both say the same. */
export function SliderField({ label, tip, hint, value, onChange, scale, min, max, unit }: SliderFieldProps) {
  const position = scale.toPosition(value)
  const fill = scale.positions > 0 ? (position / scale.positions) * 100 : 0
  return (
    <Field label={label} {...(tip ? { tip } : {})} {...(hint ? { hint } : {})}>
      {(control) => (
        <div className="grid grid-cols-[1fr_auto] items-center gap-3">
          <input
            type="range"
            aria-label={`${label}, slider`}
            aria-valuetext={`${groupThousands(value)}${unit ? ` ${unit}` : ''}`}
            className="range"
            style={{ ['--range-fill' as string]: `${fill}%` }}
            min={0}
            max={scale.positions}
            step={1}
            value={position}
            onChange={(event) => onChange(scale.toValue(event.target.valueAsNumber))}
          />
          <NumberBox {...control} value={value} min={min} max={max} unit={unit} onCommit={onChange} />
        </div>
      )}
    </Field>
  )
}

export interface NumberBoxProps {
  readonly id?: string
  readonly 'aria-label'?: string
  readonly 'aria-describedby'?: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly unit?: string | undefined
  readonly onCommit: (value: number) => void
}

/** Takes effect on Enter and on leaving: halfway through typing 32768, 327 is not what anyone asks for. */
export function NumberBox({ value, min, max, unit, onCommit, ...control }: NumberBoxProps) {
  const [draft, setDraft] = useState<string | undefined>()
  const commit = () => {
    const parsed = Number(draft)
    if (draft !== undefined && draft.trim() !== '' && Number.isFinite(parsed)) {
      onCommit(Math.min(max, Math.max(min, Math.round(parsed))))
    }
    setDraft(undefined)
  }
  return (
    <span className="relative">
      <input
        {...control}
        inputMode="numeric"
        autoComplete="off"
        className={cn(controlClasses, 'h-8 px-2 text-right tabular-nums', unit ? 'w-32 pr-14' : 'w-20')}
        value={draft ?? value}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit()
          if (event.key === 'Escape') setDraft(undefined)
        }}
      />
      {unit && (
        <span aria-hidden className="pointer-events-none absolute right-2 top-1.5 text-xs leading-5 text-tertiary">
          {unit}
        </span>
      )}
    </span>
  )
}
