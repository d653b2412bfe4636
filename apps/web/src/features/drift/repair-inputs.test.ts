import { machineId, type Placement, type Repair } from '@berth/core'
import { expect, it } from 'vitest'
import { repairInputs } from './repair-inputs.ts'

// Inputs are of what is asked; where it lies follows from them.
const placement = {} as Placement

it.each<readonly [Repair, object]>([
  [
    { kind: 'new-split', placement },
    { split: null, show: 0 },
  ],
  [
    { kind: 'change', remedy: { code: 'reduce-context', contextLength: 4096 }, cost: 'context', placement },
    { split: null, show: 0, ctx: 4096 },
  ],
  [
    { kind: 'change', remedy: { code: 'blocks-on-host', hostBlocks: 3 }, cost: 'generation-speed', placement },
    { split: null, show: 0 },
  ],
  [
    { kind: 'other-machine', machine: machineId('other'), placement },
    { split: null, show: 0, machine: 'other' },
  ],
])('%j', (repair, inputs) => {
  expect(repairInputs(repair)).toEqual(inputs)
})
