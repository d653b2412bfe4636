import { describe, expect, it } from 'vitest'
import { deviceId, machineId, reservationId } from '../ids.ts'
import type { Device, Machine } from '../machine/machine.ts'
import type { Place, PlaceMemory } from '../placement/verdict.ts'
import { bytes, gibibytes, instant } from '../units.ts'
import type { Claim } from './claims.ts'
import { explainConflict, explainEarliest, explainPlacesIssue } from './explain.ts'
import { countedPlaces, keyOf, reservedBy, withReserved } from './places.ts'

const device = (id: string, gib: number, unified = false): Device => ({
  id: deviceId(id),
  index: Number(id.slice(-1)),
  name: 'RTX 3090',
  backend: 'cuda',
  memoryTotal: gibibytes(gib),
  memory: {},
  unified,
})
const machine: Machine = {
  id: machineId('lab'),
  name: 'lab',
  hostMemoryTotal: gibibytes(64),
  devices: [device('gpu0', 24), device('igpu1', 32, true), device('igpu2', 32, true)],
  links: [],
}
const { hostMemoryTotal: _, ...untold } = machine
const host: Place = { kind: 'host' }
const gpu: Place = { kind: 'device', device: deviceId('gpu0') }
const [igpu1, igpu2] = [1, 2].map((at): Place => ({ kind: 'device', device: deviceId(`igpu${at}`) }))
const of = (place: Place | undefined, gib: number) => ({ place: place!, bytes: gibibytes(gib) })
const counted = (place: Place | undefined, gib: number, capacity: number, shared = 0) => ({
  ...of(place, gib),
  capacity: gibibytes(capacity),
  shared: gibibytes(shared),
})

describe('where bytes count', () => {
  it.each([
    ['a card and the host', machine, [of(host, 8), of(gpu, 20)], [counted(host, 8, 64), counted(gpu, 20, 24)]],
    [
      'devices that share the host’s memory count there too',
      machine,
      [of(igpu1, 10), of(igpu2, 5)],
      [counted(igpu1, 10, 32), counted(igpu2, 5, 32), counted(host, 15, 64, 15)],
    ],
    [
      'beside what the host itself is asked for',
      machine,
      [of(host, 4), of(igpu1, 10)],
      [counted(igpu1, 10, 32), counted(host, 14, 64, 10)],
    ],
    [
      'of a host that nobody told about, the device’s limit is all there is',
      untold,
      [of(igpu1, 10)],
      [counted(igpu1, 10, 32)],
    ],
  ])('%s', (_name, on, memory, expected) => {
    expect(countedPlaces(on, memory)).toEqual({ ok: true, value: expected })
  })

  it.each([
    [machine, [of(gpu, 1), of(gpu, 1)], 'The place is named twice.', 1],
    [machine, [of({ kind: 'device', device: deviceId('gone') }, 1)], 'lab has no device gone.', 0],
    [
      untold,
      [of(gpu, 1), of(host, 1)],
      'How much memory the host of lab has is not known, so none of it can be reserved. Set hostMemoryTotal first.',
      1,
    ],
  ] as const)('refuses what is not there: %#', (on, memory, sentence, at) => {
    const result = countedPlaces(on, memory)
    expect(result).toMatchObject({ ok: false, issue: { at } })
    expect(!result.ok && explainPlacesIssue(result.issue, on)).toBe(sentence)
  })
})

it('a placement takes what it requires, but of a host that nobody told about', () => {
  const part = (place: Place, required: number, capacityUnknown?: true) =>
    ({ place, required: bytes(required), ...(capacityUnknown && { capacityUnknown }) }) as PlaceMemory
  expect(reservedBy({ memory: [part(gpu, 7), part(igpu1!, 0), part(host, 3)] })).toEqual([
    { place: gpu, bytes: 7 },
    { place: host, bytes: 3 },
  ])
  expect(reservedBy({ memory: [part(gpu, 7), part(host, 3, true)] })).toEqual([{ place: gpu, bytes: 7 }])
})

const claim = (gib: number, start: number, end: number | null, id = 'a'): Claim => ({
  reservation: reservationId(id),
  bytes: gibibytes(gib),
  window: { start: instant(start), end: end === null ? null : instant(end) },
})

it('a machine tells the most that is reserved from now on, and what was when it was read', () => {
  const claims = new Map([
    [keyOf(gpu), [claim(6, 0, 20), claim(4, 30, null)]],
    [keyOf(host), [claim(8, 15, null)]],
  ])
  const when = { window: { start: instant(10), end: null }, readAt: instant(5) }
  const [first, ...rest] = machine.devices
  expect(withReserved(machine, claims, when)).toEqual({
    devices: [{ ...first, memoryReserved: gibibytes(6), memoryReservedWhenRead: gibibytes(6) }, ...rest],
    hostMemoryReserved: gibibytes(8),
  })
  expect(withReserved(machine, new Map(), { ...when, readAt: null })).toEqual({ devices: machine.devices })
})

describe('sentences', () => {
  const at = instant(600)
  const conflict = {
    ...{ place: gpu, requested: gibibytes(10), capacity: gibibytes(24), reserved: gibibytes(20), short: gibibytes(6) },
    ...{ at, others: [claim(12, at, null, 'a'), claim(8, at, at + 90, 'b')] },
  }
  const nameOf = (id: string) => ({ purpose: `run ${id}`, owner: 'nlp' })
  /** The time of day, of moments that are minutes here. */
  const timeOf = (moment: number) => `${Math.floor(moment / 60)}:${String(moment % 60).padStart(2, '0')}`

  it.each([
    [
      conflict,
      'GPU 0 (RTX 3090) cannot give 10.00 GiB: 20.00 GiB of 24.00 GiB are reserved on 10:00, by run a of nlp (12.00 GiB with no end), run b of nlp (8.00 GiB until 11:30); short by 6.00 GiB.',
    ],
    [
      { ...conflict, others: ['c', 'd', 'e', 'f', 'g'].map((id) => claim(4, at, null, id)) },
      'GPU 0 (RTX 3090) cannot give 10.00 GiB: 20.00 GiB of 24.00 GiB are reserved on 10:00, by run c of nlp (4.00 GiB with no end), run d of nlp (4.00 GiB with no end), run e of nlp (4.00 GiB with no end) and 2 more; short by 6.00 GiB.',
    ],
    [
      { ...conflict, place: host, requested: gibibytes(65), capacity: gibibytes(64), reserved: bytes(0), others: [] },
      'The host cannot give 65.00 GiB: it has 64.00 GiB in all.',
    ],
  ])('a conflict: %#', (of, sentence) => {
    expect(explainConflict(of, { machine, nameOf, timeOf })).toBe(sentence)
  })

  it.each([
    [at, 'It fits from 10:00 on.'],
    [undefined, 'It fits at no later time either, as things are reserved.'],
  ])('when instead: %#', (when, sentence) => {
    expect(explainEarliest(when, timeOf)).toBe(sentence)
  })
})
