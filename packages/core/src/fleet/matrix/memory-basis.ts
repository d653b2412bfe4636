import type { Machine } from '../../machine/machine.ts'

/** promised: what is measured and what is reserved count. measured: what is held now. empty: the hardware alone. */
export const memoryBases = ['promised', 'measured', 'empty'] as const
export type MemoryBasis = (typeof memoryBases)[number]

/** The machine with what counts as held on this basis. */
export function onBasis(machine: Machine, basis: MemoryBasis): Machine {
  if (basis === 'promised') return machine
  const { hostMemoryReserved: _promised, hostMemoryReservedWhenRead: _then, hostMemoryUsed, ...host } = machine
  const isEmpty = basis === 'empty'
  return {
    ...host,
    ...(!isEmpty && hostMemoryUsed !== undefined && { hostMemoryUsed }),
    devices: machine.devices.map((device) => {
      const { memoryReserved: _reserved, memoryReservedWhenRead: _whenRead, memoryUsed, ...card } = device
      return { ...card, ...(!isEmpty && memoryUsed !== undefined && { memoryUsed }) }
    }),
  }
}
