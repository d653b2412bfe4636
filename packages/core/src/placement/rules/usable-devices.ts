import { refusedDevices } from '../device-groups.ts'
import type { Reason } from '../verdict.ts'
import type { Rule } from './rule.ts'

/** The split's devices exist, can run together, and are not more than the engine takes. */
export const usableDevices: Rule = ({ split }, { machine, engine }) => {
  const ids = split.devices.map(({ device }) => device)
  const refused: readonly Reason[] = refusedDevices(ids, machine, engine).map((one) => ({
    code: 'device-not-usable',
    ...one,
  }))
  if (ids.length <= engine.deviceLimit) return refused
  return [...refused, { code: 'too-many-devices', limit: engine.deviceLimit, devices: ids.length }]
}
