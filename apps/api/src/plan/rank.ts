import type { Placement, Verdict } from '@berth/core'

/** Where the placement is tightest; devices count, and the host only where there is none. */
export function tightestHeadroom({ memory }: Placement): number {
  const devices = memory.filter(({ place }) => place.kind === 'device')
  return Math.min(...(devices.length > 0 ? devices : memory).map(({ headroom }) => headroom))
}

/** Best first: what fits before what does not, then by headroom; what was refused before it was placed comes last. */
export const byVerdict = (a: Verdict, b: Verdict): number =>
  Number(b.fits) - Number(a.fits) || Math.sign(headroomOf(b) - headroomOf(a)) || 0

function headroomOf(verdict: Verdict): number {
  const placement = verdict.fits ? verdict.best : verdict.nearest
  return placement === undefined ? -Infinity : tightestHeadroom(placement)
}
