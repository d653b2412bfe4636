import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gibibytes } from '../units.ts'
import { facetCounts, withLabel, withoutLabel } from './facets.ts'
import { type Facet, facets, filterMachines, type MachineFilter } from './filter.ts'
import { fleetMachine, gpu, typedGpu } from './fixtures.ts'
import { machineStates } from './fleet-machine.ts'
import { readLabelSelector } from './labels.ts'
import { naturalOrder } from './natural-order.ts'
import { machineSorts, placeOf, comparePlaces, sortMachines } from './sort.ts'

const sites = [null, 'Berlin', 'Hamburg', 'Köln 2', 'Köln 10']
const cards = [gpu('A', 24, 1), gpu('A', 24), gpu('B', 80, 79), typedGpu('C', 16)]

const machines = fc
  .array(
    fc.record({
      site: fc.constantFrom(...sites),
      owner: fc.constantFrom(null, 'vision', 'speech'),
      devices: fc.array(fc.constantFrom(...cards), { maxLength: 3 }),
      labels: fc.dictionary(fc.constantFrom('rack', 'tier'), fc.constantFrom('', 'a', 'b'), { noNullPrototype: true }),
      maintenance: fc.constantFrom(null, {}),
      missingDevices: fc.constantFrom([], [{}]),
      sample: fc.boolean(),
      readAt: fc.constantFrom(null, '2026-05-01T10:00:00.000Z', '2026-06-01T10:00:00.000Z'),
    }),
    { maxLength: 25 },
  )
  .map((made) => made.map((change, at) => fleetMachine(`lab-${at % 12}`, { ...change, id: `m${at}` as never })))

const filters: fc.Arbitrary<MachineFilter> = fc.record(
  {
    text: fc.constantFrom('', 'lab-1', 'berlin', 'a'),
    site: fc.subarray(['', 'Berlin', 'Hamburg', 'nowhere']),
    owner: fc.subarray(['', 'vision']),
    gpu: fc.subarray(['', 'A', 'C']),
    gpuCount: fc.subarray(['0', '1', '3']),
    state: fc.subarray([...machineStates]),
    labels: fc.subarray(
      ['rack', 'rack=a', 'tier!=b', '!tier', 'tier=b', 'other=c'].map((text) => readLabelSelector(text)!),
    ),
    freeMin: fc.constantFrom(gibibytes(1), gibibytes(40)),
  },
  { requiredKeys: [] },
)

const withOnly = (filter: MachineFilter, facet: Facet, value: string): MachineFilter => ({
  ...filter,
  [facet]: [value],
})

describe('facetCounts', () => {
  it('counts what the list would have with the value alone in its facet', () =>
    fc.assert(
      fc.property(machines, filters, (fleet, filter) => {
        const counts = facetCounts(fleet, filter)
        for (const facet of facets) {
          for (const { value, count } of counts[facet]) {
            expect([facet, value, count]).toEqual([
              facet,
              value,
              filterMachines(fleet, withOnly(filter, facet, value)).length,
            ])
          }
        }
        for (const { key, values } of counts.labels) {
          for (const { value, count } of values) {
            expect([key, value, count]).toEqual([
              key,
              value,
              filterMachines(fleet, withLabel(filter, key, value)).length,
            ])
          }
        }
      }),
    ))

  it('lists the same values in the same order whatever is chosen, and what is chosen besides', () =>
    fc.assert(
      fc.property(machines, filters, (fleet, filter) => {
        const [all, some] = [facetCounts(fleet, {}), facetCounts(fleet, filter)]
        for (const facet of facets) {
          const chosen = filter[facet] ?? []
          const known = all[facet].map(({ value }) => value)
          const listed = some[facet].map(({ value }) => value)
          expect(listed.filter((value) => known.includes(value))).toEqual(known)
          expect(chosen.filter((value) => !listed.includes(value))).toEqual([])
        }
      }),
    ))

  it('puts numbers in the order of numbers and none at the end', () => {
    const fleet = ['Köln 10', null, 'Köln 2'].map((site, at) => fleetMachine(`m${at}`, { site }))
    expect(facetCounts(fleet, {}).site).toEqual([
      { value: 'Köln 2', count: 1 },
      { value: 'Köln 10', count: 1 },
      { value: '', count: 1 },
    ])
  })

  it('takes the value of a label back alone', () => {
    const filter = { labels: ['rack', 'rack=a', 'tier=b'].map((text) => readLabelSelector(text)!) }
    expect(withoutLabel(filter, 'rack').labels).toEqual([filter.labels[0], filter.labels[2]])
  })
})

describe('sortMachines', () => {
  const sorts = fc.record({ by: fc.constantFrom(...machineSorts), descending: fc.boolean() })

  it('holds every machine once, in an order that does not depend on the one they came in', () =>
    fc.assert(
      fc.property(machines, sorts, (fleet, sort) => {
        const sorted = sortMachines(fleet, sort)
        expect(sortMachines(fleet.toReversed(), sort)).toEqual(sorted)
        expect(new Set(sorted)).toEqual(new Set(fleet))
        const places = sorted.map((machine) => placeOf(machine, sort))
        const compare = comparePlaces(sort)
        for (let at = 1; at < places.length; at++) expect(compare(places[at - 1]!, places[at]!)).toBeLessThan(0)
      }),
    ))

  it.each([
    ['site', false, ['b2', 'b10', 'h', 'a', 'z']],
    // what is not known is last in either direction
    ['site', true, ['h', 'b2', 'b10', 'a', 'z']],
    ['name', true, ['z', 'h', 'b10', 'b2', 'a']],
    ['free', true, ['h', 'b2', 'b10', 'a', 'z']],
    ['memory', false, ['z', 'a', 'b2', 'b10', 'h']],
    ['read', false, ['a', 'b2', 'b10', 'h', 'z']],
  ] as const)('by %s, descending: %s', (by, descending, expected) => {
    const fleet = [
      fleetMachine('h', { site: 'Hamburg', devices: [gpu('A', 80, 1)] }),
      fleetMachine('b10', { site: 'Berlin' }),
      fleetMachine('b2', { site: 'Berlin' }),
      fleetMachine('a', { devices: [typedGpu('C', 16)], readAt: '2026-04-01T10:00:00.000Z' }),
      fleetMachine('z', { devices: [], readAt: null }),
    ]
    expect(sortMachines(fleet, { by, descending }).map(({ name }) => name)).toEqual(expected)
  })
})

it('names are in a natural order, which is one', () => {
  const sorted = ['LAB-10', 'lab 2', 'lab-1', 'lab-01', 'lab-2', 'Lab-2', '9', '10', 'ab', 'a', '']
  expect(sorted.toSorted(naturalOrder)).toEqual([
    '',
    '9',
    '10',
    'a',
    'ab',
    'lab 2',
    'lab-01',
    'lab-1',
    'Lab-2',
    'lab-2',
    'LAB-10',
  ])
  const text = fc.oneof(fc.string({ maxLength: 6 }), fc.stringMatching(/^[aB0-2 -]{0,6}$/))
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      expect(Math.sign(naturalOrder(a, b)) + Math.sign(naturalOrder(b, a))).toBe(0)
      expect(naturalOrder(a, b) === 0).toBe(a === b)
      if (naturalOrder(a, b) < 0 && naturalOrder(b, c) < 0) expect(naturalOrder(a, c)).toBeLessThan(0)
    }),
    { numRuns: 2000 },
  )
})
