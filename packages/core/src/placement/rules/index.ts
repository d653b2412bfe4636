import { capacity } from './capacity.ts'
import { hostMemoryKnown } from './host-memory-known.ts'
import type { Rule } from './rule.ts'
import { usableDevices } from './usable-devices.ts'

export const rules: readonly Rule[] = [usableDevices, capacity, hostMemoryKnown]
