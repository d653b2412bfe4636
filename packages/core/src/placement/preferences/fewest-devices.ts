import type { Preference } from './preference.ts'

export const fewestDevices: Preference = {
  name: 'fewest devices',
  score: ({ split }) => 1 / Math.max(1, split.devices.length),
}
