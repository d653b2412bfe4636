import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { uuid } from '../../test/inventory-text.ts'
import { GIB, gpuPlace, inHours, onCard, reserving } from '../../test/reservations.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

let berth: TestServer
let reserve: ReturnType<typeof reserving>
let lab: string
const [card, second] = [uuid(2), uuid(3)]

/** What the clock says when a test begins. */
const START = Date.now()
const at = (hours: number): string => inHours(hours, START)
const goTo = (hours: number): void => void vi.setSystemTime(START + hours * 3_600_000)

beforeAll(async () => {
  berth = await testServer()
  reserve = reserving(berth)
})
afterAll(() => berth.close())
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  goTo(0)
  await berth.database.client.reservation.deleteMany()
  await berth.database.client.machine.deleteMany()
  lab = await reserve.lab(1, 'lab')
})
afterEach(() => void vi.useRealTimers())

/** Four of one card: one that ends, one after it, one without end on the other, one that was given back. */
async function four(): Promise<Answer[]> {
  const made = []
  for (const body of [
    { ...onCard(lab, card, 20), endsAt: at(2), purpose: 'first' },
    { ...onCard(lab, card, 20), startsAt: at(2), endsAt: at(4), purpose: 'second', owner: 'vision' },
    { ...onCard(lab, second, 8), purpose: 'open' },
    { ...onCard(lab, second, 16), purpose: 'given back' },
  ]) {
    const answer = await reserve.create(body)
    expect(answer.status).toBe(201)
    made.push(answer.body)
  }
  goTo(1)
  await reserve.change(made[3].id, 'release')
  return made
}

/** By name: they are all made in the one moment that the clock shows. */
const purposes = async (query: string): Promise<readonly string[]> =>
  (await reserve.get(query)).body.items.map(({ purpose }: Answer) => purpose).toSorted()

describe('a list', () => {
  it('tells states by the clock', async () => {
    await four()
    const states = async () => {
      const { items } = (await reserve.get('')).body
      return ['first', 'second', 'open', 'given back'].map(
        (name) => items.find(({ purpose }: Answer) => purpose === name).state,
      )
    }
    expect(await states()).toEqual(['active', 'planned', 'active', 'released'])
    goTo(2)
    expect(await states()).toEqual(['expired', 'active', 'active', 'released'])
    goTo(4)
    expect(await states()).toEqual(['expired', 'expired', 'active', 'released'])
    expect(await purposes('?state=expired')).toEqual(['first', 'second'])
    expect((await berth.call('GET', `/api/v1/machines/${lab}`)).body.devices[0].memoryReserved).toBeUndefined()
  })

  it.each([
    ['', ['first', 'second', 'open', 'given back']],
    ['?state=planned', ['second']],
    ['?state=active&state=planned', ['first', 'second', 'open']],
    ['?state=released', ['given back']],
    ['?owner=vision', ['second']],
    ['?machineId=none', []],
    ['?planId=none', []],
    [`?from=${at(2)}`, ['second', 'open']],
    [`?to=${at(2)}`, ['first', 'open', 'given back']],
    [`?from=${at(3)}&to=${at(4)}`, ['second', 'open']],
  ])('of %s', async (query, expected) => {
    await four()
    expect(await purposes(query)).toEqual(expected.toSorted())
  })

  it('comes in pages', async () => {
    await four()
    const { body } = await reserve.get('?limit=3')
    const rest = await purposes(`?limit=3&cursor=${body.nextCursor}`)
    const all: string[] = [...body.items.map(({ purpose }: Answer) => purpose), ...rest]
    expect([rest.length, all.toSorted()]).toEqual([1, await purposes('')])
  })
})

describe('a timeline', () => {
  it('tells who holds what, and when', async () => {
    const [first, then, open, back] = await four()
    const { body } = await reserve.get(`/timeline?from=${at(0)}&to=${at(3)}`)
    const bar = (of: Answer, state: string, endsAt: string | null) => ({
      reservation: { id: of.id, purpose: of.purpose, owner: of.owner, state },
      bytes: of.memory[0].bytes,
      startsAt: of.startsAt,
      endsAt,
    })
    expect(body).toEqual({
      now: at(1),
      machines: [
        {
          machine: { id: lab, name: 'lab' },
          places: [
            {
              place: gpuPlace(card),
              name: 'GPU 0 (NVIDIA GeForce RTX 3090)',
              capacity: 24 * GIB,
              steps: [{ at: at(0), bytes: 20 * GIB }],
              bars: [bar(first, 'active', at(2)), bar(then, 'planned', at(4))],
            },
            {
              place: gpuPlace(second),
              name: 'GPU 1 (NVIDIA GeForce RTX 3090)',
              capacity: 24 * GIB,
              steps: [
                { at: at(0), bytes: 24 * GIB },
                { at: at(1), bytes: 8 * GIB },
              ],
              bars: [bar(back, 'released', at(1)), bar(open, 'active', null)],
            },
          ],
        },
      ],
    })
  })

  it('is of those machines that are named, or that have any', async () => {
    const other = await reserve.lab(2, 'other')
    const names = async (query: string) => {
      const { machines } = (await reserve.get(`/timeline?from=${at(0)}&to=${at(3)}${query}`)).body
      return machines.map(({ machine }: Answer) => machine.name).toSorted()
    }
    expect(await names('')).toEqual([])
    await four()
    expect(await names('')).toEqual(['lab'])
    expect(await names(`&machineIds=${other}&machineIds=${lab}`)).toEqual(['lab', 'other'])
    expect((await reserve.get(`/timeline?from=${at(0)}&to=${at(3)}&machineIds=gone`)).status).toBe(404)
    expect((await reserve.get(`/timeline?from=${at(3)}&to=${at(3)}`)).status).toBe(400)
  })
})

describe('what is asked for', () => {
  /** Of the machine that a test has then. */
  const on = (memory: readonly object[], more: object = {}) => ({
    ...{ what: { kind: 'memory', machineId: lab, memory } },
    ...more,
  })
  const one = { place: gpuPlace(card), bytes: 1 }

  it.each([
    [[one], { purpose: '' }, 'purpose'],
    [[one], { owner: 'x'.repeat(201) }, 'owner'],
    [[one], { purpose: 'a\u202Eb' }, 'purpose'],
    [[], {}, 'what.memory'],
    [Array.from({ length: 130 }, () => one), {}, 'what.memory'],
    [[{ ...one, bytes: 0 }], {}, 'what.memory[0].bytes'],
    [[{ ...one, bytes: 1.5 }], {}, 'what.memory[0].bytes'],
    [[one, one], {}, 'memory[1].place'],
    [[{ ...one, place: gpuPlace('gone') }], {}, 'memory[0].place'],
    [[one], { startsAt: 'soon' }, 'startsAt'],
    [[one], { startsAt: at(24 * 366 * 11) }, 'startsAt'],
    [[one], { endsAt: at(24 * 366 * 11) }, 'endsAt'],
    [[one], { endsAt: at(-1) }, 'endsAt'],
    [[one], { startsAt: at(2), endsAt: at(2) }, 'endsAt'],
    [[one], { inventoryIndex: '' }, 'inventoryIndex'],
  ])('has limits: %#', async (memory, more, path) => {
    const refused = await reserve.create(on(memory, more))
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid-input' } })
    expect(refused.body.fields[0].path).toBe(path)
    expect((await reserve.dryRun(on(memory, more))).status).toBe(400)
  })

  it.each([[0], [101]])('is a hundred at once at most, and something: %i', async (count) => {
    const refused = await reserve.createMany(Array.from({ length: count }, () => on([one])))
    expect(refused).toMatchObject({ status: 400, body: { fields: [{ path: 'reservations' }] } })
  })

  it('is of a machine that is there', async () => {
    expect((await reserve.create(onCard('gone', card, 1))).status).toBe(404)
  })
})
