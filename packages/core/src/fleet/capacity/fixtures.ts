/** Cards and machines made up for tests. */
import { deviceId } from '../../ids.ts'
import type { Device } from '../../machine/machine.ts'
import { llamaModel, machineOf, type ModelShape } from '../../placement/fixtures.ts'
import { gibibytes } from '../../units.ts'
import { type Card, cardOf } from './card.ts'
import type { CapacityFile } from './largest.ts'

/** One that is sold under a name, at a size and a speed. */
export function soldCard(name: string, gib: number, changes: Partial<Device> = {}): Card {
  const [device] = machineOf([{ gib, changes: { name, memoryBandwidthBytesPerSecond: 1e12, ...changes } }]).devices
  const memory = { nominal: { bytes: gibibytes(gib), provenance: 'catalogue' } } as const
  return cardOf({ ...device!, id: deviceId(name), memory }, { kind: 'catalogue', gpu: name })
}

export const fileOf = (id: string, shape: ModelShape): CapacityFile => ({ id, model: llamaModel(shape) })
