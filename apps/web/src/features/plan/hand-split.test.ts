import { deviceId, gibibytes, type LayerSplit, type Machine, machineId, type Placement } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { countsOf, holderName, memoryOf, readHandSplit, splitOf, writeHandSplit } from './hand-split.ts'

/** Three GPUs, not stored in the order in which the engine counts them. */
const machine: Machine = {
  id: machineId('m'),
  name: 'm',
  links: [],
  devices: [2, 0, 1].map((index) => ({
    id: deviceId(`uuid-${index}`),
    index,
    name: 'card',
    backend: 'cuda',
    memoryTotal: gibibytes(24),
    memory: {},
    unified: false,
  })),
}

const on = (...devices: readonly (readonly [index: number, layers: number])[]): LayerSplit['devices'] =>
  devices.map(([index, layers]) => ({ device: deviceId(`uuid-${index}`), layers }))

const overrides = [{ pattern: 'x', place: -1 }] as const

describe('a split in the address', () => {
  it.each([
    ['gpu-0:41,gpu-1:40', [0, 41, 40, 0]],
    ['host:5,gpu-2:76', [5, 0, 0, 76]],
    ['host:81', [81, 0, 0, 0]],
  ])('%s', (text, counts) => {
    expect(readHandSplit(text, machine)).toEqual(counts)
    expect(writeHandSplit(counts, machine)).toBe(text)
  })

  it.each([null, '', 'gpu-3:81', 'gpu-0:-1', 'gpu-0', 'gpu-0:4.5', 'gpu-0:1000', 'gpu-0:1,', 'nonsense'])(
    '%s is none',
    (text) => expect(readHandSplit(text, machine)).toBeUndefined(),
  )
})

describe('counts and splits', () => {
  it.each<[string, LayerSplit, readonly number[]]>([
    ['GPUs', { devices: on([0, 41], [2, 40]), hostBlocks: 0, expertsOnHost: 0, overrides: [] }, [0, 41, 0, 40]],
    ['the host too', { devices: on([1, 70]), hostBlocks: 11, expertsOnHost: 5, overrides }, [11, 0, 70, 0]],
    // Without a GPU the output layer is the host's, and no block.
    ['the host alone', { devices: [], hostBlocks: 80, expertsOnHost: 0, overrides: [] }, [81, 0, 0, 0]],
  ])('on %s', (_, split, counts) => {
    expect(countsOf(split, machine)).toEqual(counts)
    expect(splitOf(counts, split, machine)).toEqual(split)
  })

  it('names the holders in the engine’s order', () => {
    expect([0, 1, 2, 3].map((holder) => holderName(machine, holder))).toEqual([
      'Host memory',
      'GPU 0',
      'GPU 1',
      'GPU 2',
    ])
  })
})

it('finds what a placement counts on each holder', () => {
  const verdict = { memory: [{ place: { kind: 'device', device: 'uuid-1' } }, { place: { kind: 'host' } }] }
  const memory = (holder: number) => memoryOf(verdict as unknown as Placement, machine, holder)
  expect([0, 1, 2].map(memory)).toEqual([verdict.memory[1], undefined, verdict.memory[0]])
})
