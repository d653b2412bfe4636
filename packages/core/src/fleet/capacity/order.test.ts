import { expect, it } from 'vitest'
import { gibibytes } from '../../units.ts'
import { byGain, byLargest, byNeed, byStanding } from './order.ts'

const machine = (name: string) => ({ machine: { name } })
const file = (gib: number) => ({ file: { weightBytes: gibibytes(gib) } })
const names = (list: readonly { readonly machine: { readonly name: string } }[]) => list.map((one) => one.machine.name)

it('puts what hosts the largest first', () => {
  const some = [
    { ...machine('c'), weights: {} },
    { ...machine('b'), weights: { onGpus: file(4) } },
    { ...machine('a'), weights: { onGpus: file(40) } },
    { ...machine('d'), weights: { onGpus: file(40) } },
  ]
  expect(names(some.toSorted(byLargest))).toEqual(['a', 'd', 'b', 'c'])
})

it('puts GPUs before the host, and what lacks little before what lacks more', () => {
  const some = [
    { ...machine('refused'), standing: { on: 'nowhere' } },
    { ...machine('far'), standing: { on: 'nowhere', lacks: gibibytes(8) } },
    { ...machine('near'), standing: { on: 'nowhere', lacks: gibibytes(1) } },
    { ...machine('host'), standing: { on: 'host', headroom: gibibytes(9) } },
    { ...machine('tight'), standing: { on: 'gpus', headroom: gibibytes(1) } },
    { ...machine('roomy'), standing: { on: 'gpus', headroom: gibibytes(2) } },
  ] as const
  expect(names(some.toSorted(byStanding))).toEqual(['roomy', 'tight', 'host', 'near', 'far', 'refused'])
})

it('puts the greatest gain first, and of equal ones the larger file', () => {
  const some = [
    { gain: 'same', ...file(9) },
    { gain: 'newly-on-gpus', ...file(1) },
    { gain: 'newly-on-gpus', ...file(2) },
  ] as const
  expect(some.toSorted(byGain)).toEqual([some[2], some[1], some[0]])
})

it('puts what can be helped first', () => {
  const some = [
    { ...machine('c'), state: 'out-of-reach' },
    { ...machine('b'), state: 'hosts' },
    { ...machine('a2'), state: 'upgradable' },
    { ...machine('a1'), state: 'upgradable' },
  ] as const
  expect(names(some.toSorted(byNeed))).toEqual(['a1', 'a2', 'b', 'c'])
})
