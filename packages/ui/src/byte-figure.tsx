'use client'

import { type Bytes, type ByteUnit, formatBytes } from '@berth/core'
import { createContext, type ReactNode, use } from 'react'
import { cn } from './cn.ts'
import { exactBytes } from './exact-bytes.ts'

const ByteUnitContext = createContext<ByteUnit>('auto')

/** Sets the unit of every size below it: one toggle for a whole page. */
export function ByteUnitProvider({ unit, children }: { readonly unit: ByteUnit; readonly children: ReactNode }) {
  return <ByteUnitContext value={unit}>{children}</ByteUnitContext>
}

export interface ByteFigureProps {
  readonly bytes: Bytes
  /** Where the figure comes from or how it is made up; shown under the exact bytes. */
  readonly note?: string
  /** Off in rows of long lists, where a tab stop a figure would be in the way; the detail page has them. */
  readonly focusable?: boolean
  readonly className?: string
}

/** A size as people read it; hovering or focusing it shows every byte. */
export function ByteFigure({ bytes, note, focusable = true, className }: ByteFigureProps) {
  const unit = use(ByteUnitContext)
  return (
    <data
      value={bytes}
      data-tip={note === undefined ? exactBytes(bytes) : `${exactBytes(bytes)}\n${note}`}
      tabIndex={focusable ? 0 : undefined}
      className={cn('whitespace-nowrap rounded-sm tabular-nums', className)}
    >
      {formatBytes(bytes, unit)}
    </data>
  )
}
