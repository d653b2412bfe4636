import type { Machine } from './machine.ts'

/** When a machine's figures were read, and how often its collector has said that it reports. */
export interface FreshnessInput extends Pick<Machine, 'hostMemoryUsed'> {
  readonly devices: readonly Pick<Machine['devices'][number], 'memoryUsed'>[]
  /** Since 1970; null for a machine that was only said to be there. */
  readonly readAtMs: number | null
  readonly reportSeconds: number | null
}

export type Freshness =
  | { readonly kind: 'never-read' }
  | { readonly kind: 'fresh'; readonly ageSeconds: number }
  | {
      readonly kind: 'stale'
      readonly ageSeconds: number
      /** The age that figures may have. */
      readonly limitSeconds: number
      /** How often it should have reported; null where nobody promised to. */
      readonly reportSeconds: number | null
    }

/** One report is lost to a restart, two to a short outage of the network; after three something is wrong. */
const REPORTS_MISSED = 3
/** The tools of a machine under load take up to a minute before anything is sent. */
const COLLECTING_SECONDS = 60
/** A job that was there when somebody pasted the output is most likely another one a day later. */
const PASTED_SECONDS = 24 * 60 * 60

/**
 * Whether what was read of a machine may still be believed at `nowMs` (since 1970).
 *
 * Where a collector reports, its figures are stale once three reports are missing. Where they were pasted, what others
 * held of the memory is stale after a day; sizes do not age, so a machine of which no use was measured stays fresh. A
 * reading from the future is that of a clock ahead of ours, and is of now.
 */
export function freshnessOf(machine: FreshnessInput, nowMs: number): Freshness {
  const { readAtMs, reportSeconds } = machine
  if (readAtMs === null) return { kind: 'never-read' }
  const ageSeconds = Math.max(0, Math.floor((nowMs - readAtMs) / 1000))
  const limitSeconds = limitOf(machine)
  if (limitSeconds === undefined || ageSeconds <= limitSeconds) return { kind: 'fresh', ageSeconds }
  return { kind: 'stale', ageSeconds, limitSeconds, reportSeconds }
}

function limitOf({ reportSeconds, devices, hostMemoryUsed }: FreshnessInput): number | undefined {
  if (reportSeconds !== null) return REPORTS_MISSED * reportSeconds + COLLECTING_SECONDS
  const measured = hostMemoryUsed !== undefined || devices.some(({ memoryUsed }) => memoryUsed !== undefined)
  return measured ? PASTED_SECONDS : undefined
}
