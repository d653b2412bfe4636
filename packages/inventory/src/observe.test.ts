import { bytes, mebibytes } from '@berth/core'
import { expect, it } from 'vitest'

import { diffMachine } from './diff.ts'
import { mergeMachine } from './merge.ts'
import { observeMachines } from './observe.ts'
import { fixture, machineOf, readingOf } from './testing/read.ts'

const known = machineOf(`host: lab-01\n${fixture('smi-v12-two-3090.xml')}`)
const other = machineOf(`host: lab-02\n${fixture('smi-v9-two-1080-ti.xml')}`)
const uuid = known.devices[1]!.uuid!
const metrics = (size: number) => `DCGM_FI_DEV_FB_USED{gpu="1",UUID="${uuid}",Hostname="elsewhere"} ${size}\n`

it('brings stored machines up to date, and is done once', () => {
  const { machines: read, observations } = readingOf(metrics(777))
  expect(read).toEqual([])
  const { machines, unmatched } = observeMachines([other, known], observations)
  expect(unmatched).toEqual([])
  expect(machines[0]).toBe(other)
  expect(diffMachine(known, machines[1]!).changed.map(({ fields }) => fields)).toEqual([
    [{ field: 'memoryUsed', before: known.devices[1]!.memoryUsed, after: mebibytes(777) }],
  ])
  expect(mergeMachine(known, machines[1]!).diff).toMatchObject({ added: [], missing: [], replaced: [], fields: [] })
  expect(observeMachines(machines, observations).machines[1]).toBe(machines[1])
})

it('finds a host by its name where no UUID tells, in any case', () => {
  const observation = {
    line: 1,
    hostName: 'LAB-02',
    cards: [{ line: 1, backend: 'cuda' as const, index: 1, used: bytes(9) }],
  }
  const nameless = { ...other, devices: other.devices.map(({ uuid: _uuid, ...device }) => device) }
  expect(observeMachines([known, nameless], [observation]).machines[1]!.devices[1]!.memoryUsed).toBe(9)
  expect(observeMachines([known], [observation])).toEqual({ machines: [known], unmatched: [observation] })
})
