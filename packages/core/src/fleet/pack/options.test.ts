import { expect, it } from 'vitest'
import { engines } from '../../engines/index.ts'
import { llama70b, llama8b, llamaModel } from '../../placement/fixtures.ts'
import { demandFor, labMachine } from './fixtures.ts'
import { optionsOf, type PackOption } from './options.ts'
import type { PackMemo } from './template.ts'

const small = demandFor(llamaModel(llama8b))
const large = demandFor(llamaModel(llama70b))
const four = [{ gib: 24 }, { gib: 24 }, { gib: 24 }, { gib: 24 }]

const shapeOf = ({ layers, seats }: PackOption) => ({ layers, pools: seats.map(({ pool }) => pool) })

it.each([
  ['a model that one card holds: on one or two of them', small, four, [[33], [16, 17]], [0, 1, 2, 3]],
  [
    'a model of two cards: on two, three or four',
    large,
    four,
    [
      [41, 40],
      [27, 27, 27],
      [21, 20, 20, 20],
    ],
    [0, 1, 2, 3],
  ],
])('%s', (_, demand, cards, layers, pool) => {
  const { options } = optionsOf({ demand, machine: labMachine('a', cards), memo: new Map() })
  expect(options.map((option) => option.layers.length)).toEqual(layers.map((one) => one.length))
  expect(options.map((option) => option.layers.reduce((sum, one) => sum + one))).toEqual(
    layers.map((one) => one.reduce((sum, count) => sum + count)),
  )
  expect(options.every(({ seats }) => seats.every((seat) => seat.pool.join() === pool.join()))).toBe(true)
})

it('plans machines of equal hardware once, whatever runs on them', () => {
  const memo: PackMemo = new Map()
  const machines = [
    labMachine('a', four),
    labMachine(
      'b',
      four.map((card) => ({ ...card, used: 1 })),
    ),
  ]
  for (const machine of machines) optionsOf({ demand: small, machine, memo })
  // All four together, one and two of them.
  expect([...memo.values()].map((known) => known.size)).toEqual([3])
})

it('splits by what is free where an even split has no room', () => {
  const machine = labMachine('a', [{ gib: 24 }, { gib: 24, used: 4 }])
  const [option, ...others] = optionsOf({ demand: large, machine, memo: new Map() }).options
  expect(others).toEqual([])
  expect(option!.layers[0]).toBeGreaterThan(option!.layers[1]!)
})

it.each([
  ['an engine that places layers itself', { ...small, engine: engines.ollama }, four],
  ['a model that does not fit', large, [{ gib: 24 }]],
  ['a machine that is full', small, [{ gib: 24, used: 23 }]],
])('has none for %s', (_, demand, cards) => {
  expect(optionsOf({ demand, machine: labMachine('a', cards), memo: new Map() }).options).toEqual([])
})

it('keeps to devices in a row where the runtime counts them in its own order', () => {
  const cards = four.map((card) => ({ ...card, backend: 'sycl' as const }))
  const { options } = optionsOf({ demand: large, machine: labMachine('a', cards), memo: new Map() })
  expect(options.filter(({ layers }) => layers.length === 2).map(shapeOf)).toEqual(
    [0, 1, 2].map((first) => ({ layers: options[0]!.layers, pools: [[first], [first + 1]] })),
  )
})
