import type { Device, MemoryFigures } from '@berth/core'
import { memoryTotal } from '@berth/core'

import { unknownName } from './text/card-name.ts'

/**
 * A device brought up to date: what was read now stands, what was not read now stays, and so does the id. The total is
 * worked out anew only when a figure behind it has changed, because a person may have set it.
 */
export function mergeDevice(old: Device, now: Device): Device {
  const memory = { ...old.memory, ...now.memory }
  const pcie = old.pcie === undefined && now.pcie === undefined ? {} : { pcie: { ...old.pcie, ...now.pcie } }
  const total = sameFigures(old.memory, memory) ? old.memoryTotal : memoryTotal(memory)
  const name = isWholeName(now.name) ? now.name : old.name
  // Few tools tell whose memory it is; one that did is not contradicted by one that does not.
  const unified = old.unified || now.unified
  return { ...old, ...now, id: old.id, name, unified, memory, memoryTotal: total, ...pcie }
}

/** The summary table of nvidia-smi cuts names short. */
const isWholeName = (name: string): boolean => name !== unknownName && !name.endsWith('...')

const figures = ['nominal', 'reported', 'runtime', 'driverReserved'] as const satisfies readonly (keyof MemoryFigures)[]

const sameFigures = (left: MemoryFigures, right: MemoryFigures): boolean =>
  figures.every((figure) => left[figure]?.bytes === right[figure]?.bytes)
