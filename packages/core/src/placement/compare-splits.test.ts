import { describe, expect, it } from 'vitest'
import { engines } from '../engines/index.ts'
import { requestDefaults } from '../memory/settings.ts'
import { bytes, formatBytes, tokens } from '../units.ts'
import { compareSplits, explainComparison } from './compare-splits.ts'
import { llama8b, llamaModel, machineOf } from './fixtures.ts'
import { judge } from './plan.ts'
import type { Placement } from './verdict.ts'

const machine = machineOf([{ gib: 8 }, { gib: 8 }], 64)

function placed(first: number, second: number): Placement {
  const counts = [first, second]
  const devices = counts.map((layers, at) => ({ device: machine.devices[at]!.id, layers }))
  const { placement } = judge({
    model: llamaModel(llama8b),
    machine,
    engine: engines['llama.cpp'],
    request: { ...requestDefaults, contextLength: tokens(8192) },
    split: { devices, hostBlocks: Math.min(32, 33 - first - second), expertsOnHost: 0, overrides: [] },
  })
  if (!placement) throw new Error('counts')
  return placement
}

const left = (placement: Placement, at: number): string => formatBytes(bytes(Math.abs(placement.memory[at]!.headroom)))

const apart = (one: Placement, at: number, other: Placement, to: number): string =>
  formatBytes(bytes(Math.abs(one.memory[at]!.headroom - other.memory[to]!.headroom)))

describe('compareSplits', () => {
  const even = placed(16, 17)
  const first = placed(30, 3)
  const second = placed(3, 30)

  it('says on which place a split is worse, by how much, and what the plan leaves there', () => {
    expect(compareSplits(first, second)).toEqual({
      planned: { place: { kind: 'device', device: 'gpu-0' }, headroom: first.memory[0]!.headroom },
      byHand: {
        place: { kind: 'device', device: 'gpu-1' },
        headroom: second.memory[1]!.headroom,
        headroomPlanned: first.memory[1]!.headroom,
      },
    })
    expect(explainComparison(compareSplits(even, first), machine)).toBe(
      `The plan leaves ${left(even, 1)} on its tightest place, GPU 1 (card of 8 GiB); this split leaves ${left(first, 0)} ` +
        `on GPU 0 (card of 8 GiB): ${apart(even, 1, first, 0)} worse. The plan leaves ${left(even, 0)} on GPU 0 (card of 8 GiB).`,
    )
  })

  it('says when it is better, and when it is the same', () => {
    expect(explainComparison(compareSplits(first, even), machine)).toMatch(/ better\.$/)
    expect(explainComparison(compareSplits(even, even), machine)).toBe(
      `The plan leaves ${left(even, 1)} on its tightest place, GPU 1 (card of 8 GiB); this split leaves ${left(even, 1)} on GPU 1 (card of 8 GiB): as much.`,
    )
  })

  it('says what is lacking where it does not fit', () => {
    const long = { ...even, memory: even.memory.map((one) => ({ ...one, headroom: bytes(one.headroom - 2 ** 34) })) }
    expect(explainComparison(compareSplits(even, long), machine)).toMatch(
      new RegExp(`this split lacks ${left(long, 1)} on GPU 1 .* worse\\.$`),
    )
  })

  it('looks at a device only where it is used, and at the host where none is', () => {
    const host = placed(0, 0)
    expect(compareSplits(host, placed(33, 0)).byHand.place).toEqual({ kind: 'device', device: 'gpu-0' })
    expect(compareSplits(even, host).byHand.place).toEqual({ kind: 'host' })
  })
})
