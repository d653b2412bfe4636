import { bytes, deviceId, gibibytes, type Machine, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { allOf, placesOf, readMemory } from './memory-inputs.ts'

const machine = {
  id: 'm',
  name: 'lab-01',
  hostMemoryTotal: gibibytes(64),
  devices: [
    { id: deviceId('gpu-0'), index: 0, name: 'NVIDIA GeForce RTX 3090', memoryTotal: mebibytes(24_259) },
    { id: deviceId('gpu-1'), index: 1, name: 'NVIDIA GeForce RTX 3060', memoryTotal: gibibytes(12) },
  ],
  links: [],
} as unknown as Machine

const [first, second, host] = placesOf(machine)

describe('placesOf', () => {
  it('names every GPU, and the host whose memory is known', () => {
    expect(placesOf(machine).map(({ key, name, capacity }) => [key, name, capacity])).toEqual([
      ['gpu-0', 'GPU 0 (NVIDIA GeForce RTX 3090)', mebibytes(24_259)],
      ['gpu-1', 'GPU 1 (NVIDIA GeForce RTX 3060)', gibibytes(12)],
      ['host', 'The host', gibibytes(64)],
    ])
    const { hostMemoryTotal: _, ...untold } = machine
    expect(placesOf(untold).map(({ key }) => key)).toEqual(['gpu-0', 'gpu-1'])
  })
})

it('never offers more than all of a place', () => {
  expect(allOf(mebibytes(24_259))).toBe('23.69')
  expect(gibibytes(Number(allOf(mebibytes(24_259))))).toBeLessThanOrEqual(mebibytes(24_259))
  expect(allOf(gibibytes(12))).toBe('12')
})

describe('readMemory', () => {
  const places = [first!, second!, host!]
  it.each([
    [{}, [], {}],
    [{ 'gpu-0': '1.5', host: ' ' }, [{ place: first!.place, bytes: gibibytes(1.5) }], {}],
    // nothing is not reserved
    [{ 'gpu-0': '0', 'gpu-1': '12' }, [{ place: second!.place, bytes: gibibytes(12) }], {}],
    [
      { 'gpu-0': 'all', 'gpu-1': '-1' },
      [],
      { 'gpu-0': 'It must be a number of GiB.', 'gpu-1': 'It must be a number of GiB.' },
    ],
    [
      { 'gpu-1': '12.01', host: '8' },
      [{ place: host!.place, bytes: bytes(8 * 1024 ** 3) }],
      { 'gpu-1': 'It has 12 GiB.' },
    ],
  ])('reads %o', (typed, memory, errors) => {
    expect(readMemory(places, typed)).toEqual({ memory, errors })
  })
})
