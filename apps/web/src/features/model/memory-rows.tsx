'use client'

import type { Bytes, Certainty, FigureGroup, FormulaLine, ModelFigure, ModelMemory } from '@berth/core'
import { ByteFigure } from '@berth/ui/byte-figure'
import { CertaintyBadge } from '@berth/ui/certainty-badge'
import { cn } from '@berth/ui/cn'
import { segmentWords } from '@berth/ui/segment-kinds'
import { SegmentSwatch } from '@berth/ui/segment-swatch'
import { TableCell, TableRow, TableRowHeading } from '@berth/ui/table'
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { MemoryFormula } from './memory-formula.tsx'

const COLUMNS = 4

export interface Opening {
  readonly open: boolean
  readonly onToggle: () => void
}

export function GroupRow({ group, open, onToggle }: Opening & { readonly group: FigureGroup }) {
  const formula = useId()
  const { label, hint } = segmentWords[group.part]
  const heading = (
    <span className="flex items-center gap-2" data-tip={hint}>
      <SegmentSwatch kind={group.part} />
      {label}
    </span>
  )
  return (
    <>
      <TableRow className={cn('bg-sunken font-semibold', open && 'border-0')}>
        <TableRowHeading className="font-semibold">
          {group.formula ? (
            <Opener open={open} onToggle={onToggle} controls={formula}>
              {heading}
            </Opener>
          ) : (
            <span className="block pl-6">{heading}</span>
          )}
        </TableRowHeading>
        <SizeCell label="One GPU" size={group.device} certainty={group.certainty.device} />
        <SizeCell label="Host memory" size={group.host} certainty={group.certainty.host} />
        <TableCell />
      </TableRow>
      {open && group.formula && <FormulaRow id={formula} {...group.formula} />}
    </>
  )
}

export function FigureRow({
  figure,
  open,
  onToggle,
  beside = false,
}: Opening & {
  readonly figure: ModelFigure
  /** Tells something of the figures above it and is no part of their sum. */
  readonly beside?: boolean
}) {
  const formula = useId()
  return (
    <>
      <TableRow className={open ? 'border-0' : undefined}>
        <TableRowHeading className="font-normal">
          <Opener open={open} onToggle={onToggle} controls={formula}>
            <span className={cn(beside && 'italic')}>{figure.label}</span>{' '}
            {figure.detail && <span className="text-xs text-secondary">{figure.detail}</span>}
          </Opener>
        </TableRowHeading>
        <SizeCell
          label="One GPU"
          size={figure.device}
          certainty={figure.certainty}
          ofFigure
          after={beside ? ' a token' : ''}
        />
        <SizeCell label="Host memory" size={figure.host} certainty={figure.certainty} ofFigure />
        <TableCell>
          <span className="max-sm:hidden">
            <CertaintyBadge certainty={figure.certainty} />
          </span>
        </TableCell>
      </TableRow>
      {open && <FormulaRow id={formula} lines={figure.lines} source={figure.source} />}
    </>
  )
}

function Opener({
  open,
  onToggle,
  controls,
  children,
}: Opening & { readonly controls: string; readonly children: ReactNode }) {
  return (
    <button
      type="button"
      aria-expanded={open}
      aria-controls={open ? controls : undefined}
      onClick={onToggle}
      className="flex w-full items-baseline gap-2 rounded-sm text-left hover:underline"
    >
      <ChevronRight aria-hidden className={cn('size-4 shrink-0 self-center text-tertiary', open && 'rotate-90')} />
      <span className="min-w-0">{children}</span>
    </button>
  )
}

/** A size, or an empty cell where nothing lies: on a narrow screen it then takes no line. */
function SizeCell({
  label,
  size,
  certainty,
  ofFigure = false,
  after = '',
}: {
  readonly label: string
  readonly size: Bytes
  readonly certainty: Certainty
  /** A figure's certainty has a column of its own where there is room. */
  readonly ofFigure?: boolean
  /** What the size is of, where it is not the whole; such a size is also told when it is nothing. */
  readonly after?: string
}) {
  if (size === 0 && after === '') return <TableCell />
  return (
    <TableCell numeric data-label={label} className="whitespace-nowrap">
      <span>
        <span className={ofFigure ? 'sm:hidden' : undefined}>
          <CertaintyBadge certainty={certainty} compact />{' '}
        </span>
        <ByteFigure bytes={size} />
        {after}
      </span>
    </TableCell>
  )
}

function FormulaRow({
  id,
  ...formula
}: {
  readonly id: string
  readonly lines: readonly FormulaLine[]
  readonly source: string
}) {
  return (
    <TableRow id={id}>
      <TableCell colSpan={COLUMNS} className="pt-1">
        <MemoryFormula {...formula} />
      </TableCell>
    </TableRow>
  )
}

export function TotalRows({ total }: { readonly total: ModelMemory['total'] }) {
  return (
    <>
      {(
        [
          ['In all, once loaded', total.deviceAtLoad],
          ['In all, once the first prompt is read', total.device],
        ] as const
      ).map(([label, device]) => (
        <TableRow key={label} className="font-semibold">
          <TableRowHeading className="font-semibold">
            <span className="block pl-6">{label}</span>
          </TableRowHeading>
          <SizeCell label="One GPU" size={device} certainty={total.certainty.device} />
          <SizeCell label="Host memory" size={total.host} certainty={total.certainty.host} />
          <TableCell />
        </TableRow>
      ))}
    </>
  )
}
