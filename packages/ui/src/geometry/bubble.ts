interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const GAP = 6
const EDGE = 8

/** Above its anchor, centred, below where there is no room above, and never over the edge of the viewport. In CSS px. */
export function placeBubble({
  anchor,
  bubble,
  viewport,
}: {
  readonly anchor: Box
  readonly bubble: Pick<Box, 'width' | 'height'>
  readonly viewport: Pick<Box, 'width' | 'height'>
}): { readonly left: number; readonly top: number } {
  const centred = anchor.left + anchor.width / 2 - bubble.width / 2
  const above = anchor.top - bubble.height - GAP
  return {
    left: Math.max(EDGE, Math.min(centred, viewport.width - bubble.width - EDGE)),
    top: above >= EDGE ? above : anchor.top + anchor.height + GAP,
  }
}
