'use client'

import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { boundariesOf, type LayerCounts } from './geometry/boundaries.ts'
import { percent } from './geometry/segments.ts'

export interface LayerBoundariesProps {
  /** Layers each holder has, in the order of the strip. */
  readonly counts: LayerCounts
  readonly nameOf: (holder: number) => string
  /** Asks for a boundary to be moved to a layer, which may be out of range. */
  readonly onMove: (boundary: number, to: number) => void
}

/** Layers that Page Up and Page Down move a boundary by. */
const PAGE = 8

/** Handles on the boundaries of a layer strip, laid over it: dragged, or moved by the keys of a slider. */
export function LayerBoundaries({ counts, nameOf, onMove }: LayerBoundariesProps) {
  const strip = useRef<HTMLDivElement>(null)
  const total = counts.reduce((sum, count) => sum + count, 0)
  const layerAt = (event: PointerEvent): number => {
    const { left, width } = strip.current!.getBoundingClientRect()
    return Math.round(((event.clientX - left) / width) * total)
  }
  return (
    <div ref={strip} className="absolute inset-0">
      {boundariesOf(counts).map((end, boundary) => (
        <div
          key={nameOf(boundary)}
          role="separator"
          tabIndex={0}
          aria-orientation="vertical"
          aria-label={`Boundary between ${nameOf(boundary)} and ${nameOf(boundary + 1)}`}
          aria-valuemin={0}
          aria-valuemax={total}
          aria-valuenow={end}
          aria-valuetext={[boundary, boundary + 1].map((one) => `${nameOf(one)}: ${counts[one]} layers`).join(', ')}
          className="group absolute -inset-y-1 w-6 -translate-x-1/2 cursor-col-resize touch-none rounded-sm"
          style={{ left: percent(total > 0 ? end / total : 0), zIndex: stacked(boundary, end, counts) }}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId)
            event.currentTarget.focus({ preventScroll: true })
          }}
          onPointerMove={(event) => {
            if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
            const to = layerAt(event)
            if (to !== end) onMove(boundary, to)
          }}
          onKeyDown={(event) => {
            const to = keyTarget(event, end, total)
            if (to === undefined) return
            event.preventDefault()
            onMove(boundary, to)
          }}
        >
          <span
            aria-hidden
            className="absolute inset-y-0 left-1/2 w-1.5 -translate-x-1/2 rounded-full border border-surface bg-strong group-hover:w-2 group-focus-visible:w-2"
          />
        </div>
      ))}
    </div>
  )
}

/** Where boundaries meet, the one that has room to move lies on top: to the left at the end, to the right at the start. */
function stacked(boundary: number, end: number, counts: LayerCounts): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return end * 2 > total ? counts.length - boundary : boundary
}

function keyTarget({ key }: KeyboardEvent, end: number, total: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return end - 1
    case 'ArrowRight':
    case 'ArrowUp':
      return end + 1
    case 'PageDown':
      return end - PAGE
    case 'PageUp':
      return end + PAGE
    case 'Home':
      return 0
    case 'End':
      return total
    default:
      return undefined
  }
}
