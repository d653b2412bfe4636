import type { Placement } from '../verdict.ts'
import type { Preference } from './preference.ts'

export const deviceScore = ({ split }: Pick<Placement, 'split'>): number => 1 / Math.max(1, split.devices.length)

export const fewestDevices: Preference = { name: 'fewest devices', score: deviceScore }
