import { expect, it } from 'vitest'
import { machineOf } from '../../placement/fixtures.ts'
import { gibibytes } from '../../units.ts'
import { onBasis } from './memory-basis.ts'

const bare = machineOf([{ gib: 24, changes: {} }], 64)
const { memoryUsed: _, ...card } = bare.devices[0]!
const measured = {
  ...bare,
  hostMemoryUsed: gibibytes(9),
  devices: [{ ...card, memoryUsed: gibibytes(3) }],
}
const promised = {
  ...measured,
  hostMemoryReserved: gibibytes(1),
  hostMemoryReservedWhenRead: gibibytes(1),
  devices: [{ ...measured.devices[0]!, memoryReserved: gibibytes(8), memoryReservedWhenRead: gibibytes(2) }],
}

it.each([
  ['promised', promised],
  ['measured', measured],
  ['empty', { ...bare, devices: [card] }],
] as const)('%s: what counts as held', (basis, machine) => {
  expect(onBasis(promised, basis)).toEqual(machine)
})
