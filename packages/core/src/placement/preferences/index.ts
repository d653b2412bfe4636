import { fastest } from './fastest.ts'
import { fewestDevices } from './fewest-devices.ts'
import { headroom } from './headroom.ts'
import type { Preference } from './preference.ts'

export const preferences = {
  headroom,
  'fewest-devices': fewestDevices,
  fastest,
} as const satisfies Record<string, Preference>

export type PreferenceId = keyof typeof preferences
