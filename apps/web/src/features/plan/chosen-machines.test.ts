import { machineId } from '@berth/core'
import { expect, it } from 'vitest'
import type { MachineView } from '../../trpc/types.ts'
import { chosenMachines } from './chosen-machines.ts'

const machine = (id: string, site: string | null): MachineView => ({
  ...{ id: machineId(id), name: id, site, owner: null, labels: {}, devices: [], links: [], missingDevices: [] },
  ...{ maintenance: null, sample: false, readAt: null, stale: null, overrides: [], reportSeconds: null, revision: 1 },
  ...{ createdAt: '2026-05-01T10:00:00Z', updatedAt: '2026-05-01T10:00:00Z' },
})
const fleet = [machine('a', 'Berlin'), machine('b', 'Hamburg'), machine('c', null)]

it.each([
  [{}, ['a', 'b', 'c']],
  [{ machines: 'a,c,gone' }, ['a', 'c']],
  [{ among: 'site=Berlin&site=' }, ['a', 'c']],
  [{ machines: 'a,b', among: 'site=Hamburg' }, ['b']],
  // What is not known asks for nothing, as in the list.
  [{ among: 'rack=1' }, ['a', 'b', 'c']],
  // The one that is open is judged whatever the list says.
  [{ among: 'site=Berlin', machine: 'c' }, ['a', 'c']],
])('%j: %j', (inputs, expected) => {
  const asked = { machines: null, among: null, machine: null, ...inputs }
  expect(chosenMachines(fleet, asked).map(({ id }) => id)).toEqual(expected)
})
