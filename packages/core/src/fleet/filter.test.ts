import { describe, expect, it } from 'vitest'
import { gibibytes } from '../units.ts'
import {
  gpuMemoryFree,
  gpuMemoryFreeNow,
  gpuMemoryHeld,
  gpuMemoryTotal,
  isMeasured,
  largestGpuFree,
  statesOf,
} from './fleet-machine.ts'
import { filterMachines, isEmptyFilter, type MachineFilter } from './filter.ts'
import { fleetMachine, gpu, typedGpu } from './fixtures.ts'
import { readLabelSelector } from './labels.ts'

const maintenance = { since: '2026-05-01T10:00:00.000Z', note: null }
const fleet = [
  fleetMachine('lab-1', { site: 'Berlin', owner: 'vision', labels: { rack: 'a', tier: 'gold' } }),
  fleetMachine('lab-2', {
    site: 'Berlin',
    devices: [gpu('NVIDIA A100-SXM4-40GB', 40, 38), gpu('NVIDIA A100-SXM4-40GB', 40, 2)],
    labels: { rack: 'b' },
  }),
  fleetMachine('cpu-only', { site: 'Hamburg', owner: 'vision', devices: [] }),
  fleetMachine('typed', { devices: [typedGpu('AMD Instinct MI300X', 192)], maintenance }),
  fleetMachine('half', { missingDevices: [{}], sample: true }),
]
const names = (filter: MachineFilter) => filterMachines(fleet, filter).map(({ name }) => name)
const labels = (...texts: readonly string[]) => ({ labels: texts.map((text) => readLabelSelector(text)!) })

describe('filterMachines', () => {
  it.each<[MachineFilter, readonly string[]]>([
    [{}, ['lab-1', 'lab-2', 'cpu-only', 'typed', 'half']],
    [{ text: '  ' }, ['lab-1', 'lab-2', 'cpu-only', 'typed', 'half']],
    [{ text: 'A100' }, ['lab-2']],
    [{ text: 'berlin VISION' }, ['lab-1']],
    [{ text: 'tier=gold' }, ['lab-1']],
    // a word is not found across two fields
    [{ text: 'lab-1NVIDIA' }, []],
    [{ site: ['Berlin', 'Hamburg'] }, ['lab-1', 'lab-2', 'cpu-only']],
    [{ site: [''] }, ['typed', 'half']],
    [{ site: [] }, ['lab-1', 'lab-2', 'cpu-only', 'typed', 'half']],
    [{ site: ['Berlin'], owner: ['vision'] }, ['lab-1']],
    [{ gpu: [''] }, ['cpu-only']],
    [{ gpu: ['NVIDIA GeForce RTX 3090', 'AMD Instinct MI300X'] }, ['lab-1', 'typed', 'half']],
    [{ gpuCount: ['2', '0'] }, ['lab-2', 'cpu-only']],
    [{ state: ['maintenance'] }, ['typed']],
    [{ state: ['not-measured', 'gpus-missing'] }, ['typed', 'half']],
    [{ state: ['ready'] }, ['lab-1', 'lab-2', 'cpu-only']],
    [{ state: ['sample'] }, ['half']],
    [labels('rack'), ['lab-1', 'lab-2']],
    [labels('rack!=a', 'rack'), ['lab-2']],
    [labels('!rack'), ['cpu-only', 'typed', 'half']],
    [{ freeMin: gibibytes(40) }, ['lab-2']],
    [{ freeMin: gibibytes(23) }, ['lab-1', 'lab-2', 'half']],
    [{ freeOnOneMin: gibibytes(38) }, ['lab-2']],
    [{ freeOnOneMin: gibibytes(39) }, []],
    // what was never measured has no free memory to speak of, not even none
    [{ freeMin: gibibytes(0) }, ['lab-1', 'lab-2', 'half']],
  ])('%j', (filter, expected) => expect(names(filter)).toEqual(expected))

  it.each<[MachineFilter, boolean]>([
    [{}, true],
    [{ text: ' ', site: [], labels: [] }, true],
    [{ text: 'x' }, false],
    [{ site: [''] }, false],
    [labels('rack'), false],
    [{ freeMin: gibibytes(0) }, false],
    [{ freeOnOneMin: gibibytes(0) }, false],
  ])('%j asks for nothing: %s', (filter, expected) => expect(isEmptyFilter(filter)).toBe(expected))
})

it('the figures of a machine', () => {
  const [first, second, cpuOnly, typed, half] = fleet.map((machine) => ({
    total: gpuMemoryTotal(machine),
    free: gpuMemoryFree(machine),
    onOne: largestGpuFree(machine),
    measured: isMeasured(machine),
    states: statesOf(machine),
  }))
  const gib = gibibytes
  expect(first).toEqual({ total: gib(24), free: gib(23), onOne: gib(23), measured: true, states: ['ready'] })
  expect(second).toEqual({ total: gib(80), free: gib(40), onOne: gib(38), measured: true, states: ['ready'] })
  expect(cpuOnly).toEqual({ total: 0, free: undefined, onOne: undefined, measured: true, states: ['ready'] })
  const states = ['maintenance', 'not-measured']
  expect(typed).toEqual({ total: gib(192), free: undefined, onOne: undefined, measured: false, states })
  expect(half?.states).toEqual(['gpus-missing', 'sample'])
})

it.each([
  ['is unknown where no device was measured', [gpu('A', 24), gpu('A', 24)], undefined, undefined],
  ['counts an unmeasured device as free', [gpu('A', 24, 3), gpu('A', 24)], gibibytes(45), gibibytes(24)],
  // a driver may report more used than a plan may use
  ['is never negative', [gpu('A', 24, 25)], 0, 0],
])('free memory %s', (_, devices, free, onOne) => {
  const machine = fleetMachine('lab-1', { devices })
  expect([gpuMemoryFree(machine), largestGpuFree(machine)]).toEqual([free, onOne])
})

it.each([
  ['cards that were said to be so', [typedGpu('A', 24)], false],
  ['one card that was read', [typedGpu('A', 24), gpu('A', 24)], true],
  // there is nothing to measure
  ['no card', [], true],
])('whether a machine is measured: %s', (_, devices, expected) =>
  expect(isMeasured(fleetMachine('lab-1', { devices }))).toBe(expected),
)

it('tells what is free now from what is free once reservations are taken', () => {
  const reserved = { ...gpu('3090', 24, 3), memoryReserved: gibibytes(8) }
  const machine = fleetMachine('lab', { devices: [reserved, gpu('4090', 24)] })
  expect([gpuMemoryFreeNow(machine), gpuMemoryFree(machine)]).toEqual([gibibytes(45), gibibytes(37)])
  expect(gpuMemoryHeld(machine)).toEqual({ reserved: gibibytes(8), used: gibibytes(3) })
  expect(gpuMemoryFreeNow(fleetMachine('unread', { devices: [gpu('3090', 24)] }))).toBeUndefined()
})
