import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gibibytes } from '../units.ts'
import { machineStates } from './fleet-machine.ts'
import { readLabelSelector } from './labels.ts'
import { machineColumns, type MachineQuery, type QueryEntry, readMachineQuery, writeMachineQuery } from './query.ts'
import { machineSorts } from './sort.ts'

const query: fc.Arbitrary<MachineQuery> = fc.record(
  {
    filter: fc.record(
      {
        text: fc.string({ minLength: 1 }),
        site: fc.array(fc.string(), { minLength: 1 }),
        owner: fc.array(fc.string(), { minLength: 1 }),
        gpu: fc.array(fc.string(), { minLength: 1 }),
        gpuCount: fc.array(fc.nat({ max: 128 }).map(String), { minLength: 1 }),
        state: fc.subarray([...machineStates], { minLength: 1 }),
        labels: fc.constant(['rack=a b', '!tier'].map((text) => readLabelSelector(text)!)),
        freeMin: fc.constant(gibibytes(24)),
        freeOnOneMin: fc.constant(gibibytes(0)),
      },
      { requiredKeys: [] },
    ),
    sort: fc.record({ by: fc.constantFrom(...machineSorts), descending: fc.boolean() }),
    columns: fc.subarray([...machineColumns], { minLength: 1 }),
    density: fc.constant('compact' as const),
  },
  { requiredKeys: ['filter'] },
)

describe('a list in an address', () => {
  it('is read back as it was written', () =>
    fc.assert(
      fc.property(query, (asked) => {
        expect(readMachineQuery(writeMachineQuery(asked))).toEqual({ query: asked, ignored: [] })
      }),
    ))

  it('leaves out what it does not know, and says so', () => {
    const entries: readonly QueryEntry[] = [
      ['site', 'Berlin'],
      ['rack', 'a'],
      ['site', ''],
      ['state', 'asleep'],
      ['label', 'two words'],
      ['freeMin', '-1'],
      ['freeMin', '99999999999999999999'],
      ['gpuCount', 'many'],
      ['sort', 'beauty'],
      ['columns', 'memory,beauty'],
      ['density', 'airy'],
      ['__proto__', 'x'],
      ['constructor', 'x'],
    ]
    expect(readMachineQuery(entries)).toEqual({
      query: { filter: { site: ['Berlin', ''] } },
      ignored: entries.filter(([name]) => name !== 'site'),
    })
  })

  it('may show no column beside the name', () => {
    expect(readMachineQuery([['columns', '']]).query).toEqual({ filter: {}, columns: [] })
    expect(readMachineQuery(writeMachineQuery({ filter: {}, columns: [] })).query.columns).toEqual([])
  })
})
