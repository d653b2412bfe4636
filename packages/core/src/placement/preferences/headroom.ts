import type { Placement } from '../verdict.ts'
import type { Preference } from './preference.ts'

/** Most bytes left on the tightest device that is used, as a share of the machine's largest device. */
export function headroomScore({ memory }: Pick<Placement, 'memory'>): number {
  const devices = memory.filter(({ place }) => place.kind === 'device')
  const tightest = Math.min(...devices.filter(({ required }) => required > 0).map((one) => one.headroom))
  const largest = Math.max(...devices.map(({ capacity }) => capacity))
  return Number.isFinite(tightest) && largest > 0 ? Math.min(1, Math.max(0, tightest / largest)) : 0
}

export const headroom: Preference = { name: 'most headroom on the tightest device', score: headroomScore }
