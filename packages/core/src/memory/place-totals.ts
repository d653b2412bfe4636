import { HOST, type PlaceIndex } from './run-memory.ts'

/** Bytes gathered per place: one number a device, and the host's. */
export interface PlaceTotals {
  readonly devices: number[]
  host: number
}

export const emptyTotals = (deviceCount: number): PlaceTotals => ({
  devices: Array.from({ length: deviceCount }, () => 0),
  host: 0,
})

export function addTo(totals: PlaceTotals, place: PlaceIndex, byteCount: number): void {
  if (place === HOST) totals.host += byteCount
  else totals.devices[place]! += byteCount
}
