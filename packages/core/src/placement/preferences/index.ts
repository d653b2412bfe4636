import { fastest } from './fastest.ts'
import { fewestDevices } from './fewest-devices.ts'
import { headroom } from './headroom.ts'
import { largestContext } from './largest-context.ts'
import type { Preference } from './preference.ts'
import { roomForAnother } from './room-for-another.ts'

export const preferences = {
  headroom,
  'fewest-devices': fewestDevices,
  fastest,
  'largest-context': largestContext,
  'room-for-another': roomForAnother,
} as const satisfies Record<string, Preference>

export type PreferenceId = keyof typeof preferences

export const preferenceIds = Object.keys(preferences) as readonly PreferenceId[]
