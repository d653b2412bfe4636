/** Held to every pair of contiguous splits: real estimates of small models, cards that hold what is asked and little more. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { engineOf, engines } from '../../engines/index.ts'
import type { Engine } from '../../engines/engine.ts'
import type { Machine } from '../../machine/machine.ts'
import { requestDefaults } from '../../memory/settings.ts'
import { bytes, GIB, mebibytes, tokens } from '../../units.ts'
import { allSplits } from '../brute-force.ts'
import { llamaModel, machineOf, type ModelShape } from '../fixtures.ts'
import { judgeSplit } from '../judge.ts'
import { movesTensors, PIPELINE_OFF } from '../../memory/overrides.ts'
import { type Tenant, workplaceOf } from '../plan-input.ts'
import { needsHost } from '../rank.ts'
import { planTogether } from '../together.ts'
import type { Placement } from '../verdict.ts'

const small: ModelShape = {
  ...{ blocks: 3, embedding: 1024, feedForward: 4096, heads: 8, headsKv: 4, vocabulary: 32_000, type: 'q8_0' },
}
const tenant = (shape: Partial<ModelShape>, contextLength: number, margin: number, engine: Engine): Tenant => ({
  model: llamaModel({ ...small, ...shape }),
  engine,
  request: { ...requestDefaults, contextLength: tokens(contextLength), margin: mebibytes(margin) },
})
const tenantsOf = (engine: Engine): readonly Tenant[] => [
  tenant({}, 4096, 0, engine),
  tenant({ blocks: 4, vocabulary: 4096 }, 8192, 32, engine),
  tenant({ blocks: 2, embedding: 2048, heads: 16 }, 2048, 8, engine),
  tenant({ blocks: 3, experts: 4, expertsUsed: 2, feedForward: 1024 }, 1024, 0, engine),
]

/** Position of the one that has any. */
const WITH_EXPERTS = 3

const CARD_GIB = 64
const HOST_GIB = 64

/** Roomy, so that what a split needs is seen. */
const roomy = (devices: number): Machine =>
  machineOf(
    Array.from({ length: devices }, () => ({ gib: CARD_GIB })),
    HOST_GIB,
  )

/** Every contiguous split, with the copies of pipeline parallelism and without, whose devices the engine takes. */
function everyPlacement(one: Tenant, devices: number): readonly Placement[] {
  const machine = roomy(devices)
  const workplace = workplaceOf({ ...one, machine })
  return allSplits(one.model, machine)
    .flatMap((split) =>
      split.devices.length > 1 && one.engine.controls.pipelineOff
        ? [split, { ...split, overrides: [PIPELINE_OFF] }]
        : [split],
    )
    .map((split) => judgeSplit(split, workplace))
    .filter(({ reasons }) => reasons.length === 0)
    .map(({ placement }) => placement)
}

const requiredOf = ({ memory }: Placement): readonly number[] => memory.map(({ required }) => required)

/** Whether every place has what both need of it and the larger margin of those that use it. */
function haveRoom(pair: readonly Placement[], free: readonly number[]): boolean {
  return free.every((room, at) => {
    const users = pair.filter(({ memory }) => memory[at]!.required > 0)
    const margin = Math.max(0, ...users.map(({ memory }) => memory[at]!.margin))
    return users.reduce((sum, { memory }) => sum + memory[at]!.required, 0) + margin <= room
  })
}

/** A plan may keep a part of a block's experts on the host, or the cache alone. */
const isNoneOfThese = ({ split, settings }: Placement): boolean =>
  split.overrides.some(movesTensors) || !settings.offloadKqv

const draws = fc.record({
  devices: fc.integer({ min: 1, max: 3 }),
  pair: fc.tuple(fc.nat(3), fc.nat(3)),
  like: fc.tuple(fc.nat(), fc.nat()),
  onDevices: fc.boolean(),
  // What a card has beyond what two splits take of it; below nothing where they must not fit.
  spare: fc.array(fc.constantFrom(0, 0, 0, -1, 4, 64), { minLength: 4, maxLength: 4 }),
})

/** Some runs take a second on a busy machine. */
it.each([
  ['llama.cpp', engines['llama.cpp'], 120],
  // Keeps the devices in their order, and knows no way to turn pipeline parallelism off.
  ['llamasharp', engineOf('llamasharp', '0.25.0')!, 60],
] as const)(
  '%s: finds a joint placement wherever there is one, and proves that there is none',
  { timeout: 300_000 },
  (_, engine, runs) => {
    const tenants = tenantsOf(engine)
    const known = new Map<string, readonly Placement[]>()
    const placementsOf = (which: number, devices: number): readonly Placement[] => {
      const key = `${which} ${devices}`
      const made = known.get(key) ?? everyPlacement(tenants[which]!, devices)
      known.set(key, made)
      return made
    }
    let [yes, no] = [0, 0]
    fc.assert(
      fc.property(draws, ({ devices, pair, like, onDevices, spare }) => {
        const all = pair.map((which) => placementsOf(which, devices))
        const chosen = all.map((some, at) => {
          const among = onDevices ? some.filter((one) => !needsHost(one)) : some
          return among[like[at]! % among.length]!
        })
        const [first, second] = chosen.map(requiredOf)
        const margin = Math.max(...pair.map((which) => tenants[which]!.request.margin))
        const free = first!.map((need, at) => need + second![at]! + margin + (spare[at] ?? 0) * 2 ** 20)
        const machine = machineLeaving(free)
        const verdict = planTogether({ machine, tenants: pair.map((which) => tenants[which]!) })
        const exists = all[0]!.some((one) => all[1]!.some((other) => haveRoom([one, other], free)))
        if (verdict.fits) {
          expect(haveRoom(verdict.placements, free)).toBe(true)
          expect(exists || verdict.placements.some(isNoneOfThese)).toBe(true)
          yes++
        } else {
          expect(exists).toBe(false)
          // A part of a block's experts might still help where the host lacks some.
          if (!pair.includes(WITH_EXPERTS)) expect(verdict.proven).toBe(true)
          no++
        }
      }),
      { numRuns: runs, seed: 7 },
    )
    expect(yes).toBeGreaterThan(runs / 10)
    expect(no).toBeGreaterThan(runs / 20)
  },
)

/** The same cards and host with so much of each free: what a split needs stays the same. */
function machineLeaving(free: readonly number[]): Machine {
  const [host, ...cards] = free.toReversed()
  const machine = roomy(cards.length)
  const used = cards.toReversed().map((room) => bytes(CARD_GIB * GIB - room))
  return {
    ...machine,
    hostMemoryUsed: bytes(HOST_GIB * GIB - host!),
    devices: machine.devices.map((device, at) => ({ ...device, memoryUsed: used[at]! })),
  }
}
