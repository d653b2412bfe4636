import { expect, it } from 'vitest'
import { engines } from '../../engines/index.ts'
import type { Machine } from '../../machine/machine.ts'
import { requestDefaults } from '../../memory/settings.ts'
import { llama70b, llama8b, llamaModel, machineOf } from '../../placement/fixtures.ts'
import { solve } from '../../solve/solve.ts'
import { tokens } from '../../units.ts'
import { compareEdit } from './compare-edit.ts'
import { explainGain } from './explain.ts'

const engine = engines['llama.cpp']
const request = { ...requestDefaults, contextLength: tokens(4096) }
const large = llamaModel(llama70b)
const small = llamaModel({ ...llama8b, trained: 8192 })

const one = machineOf([{ gib: 24 }], 16)
const hosted = machineOf([{ gib: 24 }], 64)
const two = machineOf([{ gib: 24 }, { gib: 24 }], 16)
const three = machineOf([{ gib: 24 }, { gib: 24 }, { gib: 24 }], 16)

it.each<[string, typeof large, Machine, Machine, string]>([
  ['fits on GPUs at last', large, one, two, 'Fits on GPUs now'],
  [
    'leaves the host',
    large,
    hosted,
    { ...two, hostMemoryTotal: hosted.hostMemoryTotal! },
    'Needs no host memory any more',
  ],
  ['fits with more RAM', large, one, hosted, 'Fits with host memory now'],
  ['holds more', large, two, three, 'Holds a longer context'],
  ['holds less', large, three, two, 'Holds a shorter context'],
  // Its context is as long as it was trained for on either.
  ['leaves more', small, one, machineOf([{ gib: 32 }], 16), 'Has more to spare'],
  ['leaves less', small, machineOf([{ gib: 32 }], 16), one, 'Has less to spare'],
  ['is as it was', small, one, hosted, 'No change'],
  ['fits neither', large, machineOf([{ gib: 8 }]), machineOf([{ gib: 12 }]), 'No change'],
  ['needs the host', large, { ...two, hostMemoryTotal: hosted.hostMemoryTotal! }, hosted, 'Needs host memory now'],
  ['is lost', large, two, one, 'No longer fits'],
])('%s', (_, model, before, after, words) => {
  expect(explainGain(compareEdit({ model, engine, request }, before, after).gain)).toBe(words)
})

it('gives both sides in numbers', () => {
  const { before, after } = compareEdit({ model: large, engine, request }, one, two)
  expect(before).toEqual({ on: 'nowhere', lacks: expect.any(Number) })
  const solution = solve({ model: large, engine, request, machine: two, unknown: 'context' })
  const perSlot = solution.solved && solution.value.unknown === 'context' && solution.value.contextPerSlot
  expect(after).toEqual({
    ...{ on: 'gpus', headroom: expect.any(Number) },
    context: { perSlot, isTrained: false },
  })
})
