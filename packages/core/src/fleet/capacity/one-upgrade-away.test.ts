import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engines } from '../../engines/index.ts'
import type { Machine } from '../../machine/machine.ts'
import { requestDefaults } from '../../memory/settings.ts'
import { type CardShape, llama70b, llama8b, llamaModel, machineOf } from '../../placement/fixtures.ts'
import { plan } from '../../placement/plan.ts'
import { needsHost } from '../../placement/rank.ts'
import { mebibytes, tokens } from '../../units.ts'
import { whatIf } from './edit-machine.ts'
import { explainNoUpgrade, explainUpgrade } from './explain.ts'
import { soldCard } from './fixtures.ts'
import { hosting } from './hosting.ts'
import { oneUpgradeAway, type UpgradeQuestion } from './one-upgrade-away.ts'

const engine = engines['llama.cpp']
const request = { ...requestDefaults, contextLength: tokens(8192) }
const model = llamaModel(llama70b)
const shop = [
  soldCard('Maker Line 16', 16),
  soldCard('Maker Line 32', 32),
  soldCard('Maker Line 32 slow', 32, { memoryBandwidthBytesPerSecond: 5e11 }),
  soldCard('Other 32', 32),
  soldCard('Other 96', 96),
  soldCard('Red 96', 96, { backend: 'rocm' }),
  soldCard('Chip', 128, { unified: true }),
]
const question = (change: Partial<UpgradeQuestion> = {}): UpgradeQuestion => ({
  ...{ model, engine, request, mayRelyOnHost: false, cards: shop.filter(({ product }) => !product.unified) },
  ...change,
})

const line = (gib: number, change: Partial<CardShape> = {}): CardShape => ({
  gib,
  ...change,
  changes: { name: `Maker Line ${gib}`, memoryBandwidthBytesPerSecond: 9e11, ...change.changes },
})

function said(machine: Machine, change: Partial<UpgradeQuestion> = {}): readonly string[] {
  const answer = oneUpgradeAway(machine, question(change))
  if (answer.state === 'hosts') return [`hosts on ${answer.on}`]
  if (answer.state === 'out-of-reach') return explainNoUpgrade(answer.why, machine)
  return answer.upgrades.map((upgrade) => explainUpgrade(upgrade, machine).replace(/, with \d.*$/, ''))
}

describe('oneUpgradeAway', () => {
  it.each<[string, Machine, Partial<UpgradeQuestion>, readonly string[]]>([
    ['one that hosts it already', machineOf([line(24), line(24)]), {}, ['hosts on gpus']],
    [
      'one of 24: a second, or a much larger in its place',
      machineOf([line(24)]),
      {},
      [
        'One more Maker Line 24 (24.00 GiB): it then fits on the GPUs',
        'Other 96 (96.00 GiB) in place of GPU 0 (Maker Line 24): it then fits on the GPUs',
      ],
    ],
    [
      'two of 16: a third, or one of them twice as large; the slow card of that size is none to offer',
      machineOf([line(16), line(16)]),
      {},
      [
        'One more Maker Line 16 (16.00 GiB): it then fits on the GPUs',
        'Maker Line 32 (32.00 GiB) in place of GPU 0 (Maker Line 16): it then fits on the GPUs',
        'Maker Line 32 (32.00 GiB) each in place of all 2 GPUs: it then fits on the GPUs',
      ],
    ],
    [
      'one of 16: two more of it are the third way',
      machineOf([line(16)]),
      {},
      [
        'Other 96 (96.00 GiB) in place of GPU 0 (Maker Line 16): it then fits on the GPUs',
        '2 more Maker Line 16 (16.00 GiB each): it then fits on the GPUs',
      ],
    ],
    [
      'unequal cards: the smaller makes way, and one more of it is not enough',
      machineOf([line(24), line(8)]),
      {},
      [
        'One more Maker Line 24 (24.00 GiB): it then fits on the GPUs',
        'Maker Line 32 (32.00 GiB) in place of GPU 1 (Maker Line 8): it then fits on the GPUs',
        'Maker Line 32 (32.00 GiB) each in place of all 2 GPUs: it then fits on the GPUs',
      ],
    ],
    [
      'another maker’s cards are not mixed in, and its own are',
      machineOf([line(24, { backend: 'rocm', changes: { name: 'Red 24' } })]),
      {},
      [
        'One more Red 24 (24.00 GiB): it then fits on the GPUs',
        'Red 96 (96.00 GiB) in place of GPU 0 (Red 24): it then fits on the GPUs',
      ],
    ],
    ['no GPU', machineOf([], 64), {}, ['One Other 96 (96.00 GiB): it then fits on the GPUs']],
    [
      'with the host’s help, twice the RAM is one part too',
      machineOf([line(8)], 32),
      { mayRelyOnHost: true },
      [
        'One more Maker Line 8 (8.00 GiB): it then fits with a part of it in host memory',
        '32.00 GiB more RAM, 64.00 GiB in all: it then fits with a part of it in host memory',
        'Maker Line 16 (16.00 GiB) in place of GPU 0 (Maker Line 8): it then fits with a part of it in host memory',
      ],
    ],
    [
      'nothing is enough',
      machineOf([line(8)]),
      { cards: [] },
      [
        expect.stringMatching(
          /^No single upgrade is enough\. The nearest: 2 more Maker Line 8 .* lack at least \d.* GiB/,
        ),
      ],
    ],
    [
      'what shares the host’s memory',
      machineOf([line(16, { backend: 'metal', changes: { unified: true } })], 16),
      {},
      ['Its GPU shares the host’s memory, which is built in: nothing can be put in.'],
    ],
    [
      'what the engine refuses',
      machineOf([line(24)]),
      { request: { ...request, parallel: 100_000 } },
      [expect.stringMatching(/must be a whole number from 1 to 256/)],
    ],
    [
      'nothing to buy',
      machineOf([], 64),
      { cards: [] },
      ['There is no larger card in the catalogue that could be put in, and no more of its own would be used.'],
    ],
  ])('%s', (_, machine, change, sentences) => expect(said(machine, change)).toEqual(sentences))
})

const small = llamaModel({
  ...{ blocks: 6, embedding: 1024, feedForward: 4096, heads: 4, headsKv: 2, vocabulary: 32000, type: 'q8_0' },
})
const cardsOf = (min: number, max: number) =>
  fc.array(fc.record({ gib: fc.integer({ min, max }).map((mib) => mib / 1024), used: fc.constantFrom(0, 0.05) }), {
    minLength: 0,
    maxLength: 3,
  })
const smallRequest = { ...requestDefaults, contextLength: tokens(2048), margin: mebibytes(32) }
const hosts = fc.constantFrom(undefined, 0.5, 2)
const asks = fc.record({ cards: cardsOf(540, 960), host: hosts, mayRelyOnHost: fc.boolean() })

describe('any machine', { timeout: 120_000 }, () => {
  it('hosts it after each upgrade that is offered', () => {
    let offered = 0
    fc.assert(
      fc.property(asks, ({ cards: some, host, mayRelyOnHost }) => {
        const machine = machineOf(some, host)
        const shopOfSmall = [1, 2].map((gib) => soldCard(`card ${gib}`, gib))
        const asked = { model: small, engine, request: smallRequest, mayRelyOnHost, cards: shopOfSmall }
        const answer = oneUpgradeAway(machine, asked)
        const now = plan({ ...asked, machine })
        const hosts = now.fits && (mayRelyOnHost || !needsHost(now.best))
        expect(answer.state === 'hosts').toBe(hosts)
        for (const { edit, on } of answer.state === 'upgradable' ? answer.upgrades : []) {
          const edited = whatIf(machine, [edit])
          const verdict = plan({ ...asked, machine: edited.ok ? edited.value : machine })
          expect(verdict.fits && needsHost(verdict.best)).toBe(on === 'host')
          expect(verdict.fits).toBe(true)
          offered++
        }
      }),
      { numRuns: 60 },
    )
    expect(offered).toBeGreaterThan(20)
  })

  it.each([
    ['llama.cpp', 60],
    // Its own choice is replayed step by step, which takes a second.
    ['ollama', 12],
  ] as const)('loses nothing by another card: %s', (id, numRuns) => {
    let fitting = 0
    fc.assert(
      fc.property(cardsOf(600, 1200), hosts, fc.integer({ min: 300, max: 1200 }), (some, host, mib) => {
        const machine = machineOf(some, host)
        const card = soldCard('further', mib / 1024)
        const edited = whatIf(machine, [{ kind: 'add-cards', card, count: 1 }])
        const tenant = { model: small, engine: engines[id], request: smallRequest }
        const before = hosting({ ...tenant, machine }, 'answer')
        const after = hosting({ ...tenant, machine: edited.ok ? edited.value : machine }, 'answer')
        const rank = { nowhere: 0, host: 1, gpus: 2 }
        expect(rank[after.on]).toBeGreaterThanOrEqual(rank[before.on])
        if (before.on !== 'nowhere') fitting++
      }),
      { numRuns },
    )
    expect(fitting).toBeGreaterThan(0)
  })
})

it('offers what an 8B lacks on a card that another holds', () => {
  const machine = machineOf([line(8, { used: 4 })])
  expect(said(machine, { model: llamaModel(llama8b) })[0]).toBe(
    'One more Maker Line 8 (8.00 GiB): it then fits on the GPUs',
  )
})
