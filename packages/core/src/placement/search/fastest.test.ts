import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { fastestSplit, type TimedProblem, type TimedSplit } from './fastest.ts'
import { leftOf, needTables, roleOf, type Segment } from './segments.ts'

/** The ticks of a chain that needs no more than there is room for; infinite otherwise. */
function ticksOf(problem: TimedProblem, chain: readonly Segment[]): number {
  const { layers, hop, enter, lastSender, lastReceiver } = problem.ticks
  if (chain.some((segment) => leftOf(problem, segment) < 0)) return Infinity
  return chain.reduce((spent, { device, start, end }, at) => {
    const next = chain[at + 1]
    const sends = next && start <= lastSender && end <= lastReceiver
    return spent + layers[device]![end]! - layers[device]![start]! + (sends ? hop(device, next.device) : 0)
  }, enter[chain[0]!.device]!)
}

/** Every way to cut the layers over every choice of devices, in their order or in any. */
function bruteForce(problem: TimedProblem): number {
  const { rooms, firstLayer, layerCount, mostDevices, reorder } = problem
  let best = Infinity
  const visit = (chain: readonly Omit<Segment, 'role'>[], start: number): void => {
    if (start === layerCount) {
      const segments = chain.map((one, at): Segment => ({ ...one, role: roleOf(at, chain.length) }))
      best = Math.min(best, ticksOf(problem, segments))
      return
    }
    if (chain.length === mostDevices) return
    for (let device = 0; device < rooms.length; device++) {
      const isTaken = reorder ? chain.some((one) => one.device === device) : device <= (chain.at(-1)?.device ?? -1)
      if (isTaken) continue
      for (let end = start + 1; end <= layerCount; end++) visit([...chain, { device, start, end }], end)
    }
  }
  visit([], firstLayer)
  return best
}

const cost = fc.integer({ min: 0, max: 9 })
const MOST = { devices: 4, layers: 7 }
const problems = fc
  .record({
    free: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: MOST.devices }),
    layers: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 3, maxLength: MOST.layers }),
    extra: fc.record({ only: cost, first: cost, middle: cost, last: cost }),
    output: cost,
    firstLayer: fc.integer({ min: 0, max: 1 }),
    mostDevices: fc.integer({ min: 1, max: MOST.devices }),
    speeds: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: MOST.devices, maxLength: MOST.devices }),
    times: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: MOST.layers, maxLength: MOST.layers }),
    hops: fc.array(cost, { minLength: MOST.devices ** 2, maxLength: MOST.devices ** 2 }),
    enter: fc.array(cost, { minLength: MOST.devices, maxLength: MOST.devices }),
    // The last block may not run, and the host may have the head.
    unrun: fc.constantFrom(0, 0, 1),
    hasHead: fc.boolean(),
    reorder: fc.boolean(),
    // A longer segment may need a little less: the allocator left fewer holes.
    wiggle: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 64, maxLength: 64 }),
  })
  .map((drawn): TimedProblem => {
    const { free, layers, extra, output, wiggle, speeds, times, hops, enter, unrun, hasHead, ...rest } = drawn
    const sum = (some: readonly number[], start: number, end: number): number =>
      some.slice(start, end).reduce((total, one) => total + one, 0)
    const layerCount = layers.length
    const lastSender = layerCount - 2 - unrun
    const runs = times.map((time, layer) => (layer > lastSender && layer < layerCount - 1 ? 0 : time))
    return {
      ...rest,
      layerCount,
      rooms: free.map((room) => ({ withoutOutput: room, withOutput: room - output, unit: 1 })),
      need: (role, start, end) => sum(layers, start, end) + extra[role] + wiggle[start * 8 + end]!,
      ticks: {
        layers: free.map((_, device) =>
          Float64Array.from({ length: layerCount + 1 }, (_layer, end) => speeds[device]! * sum(runs, 0, end)),
        ),
        hop: (from, to) => hops[from * MOST.devices + to]!,
        enter,
        lastSender,
        lastReceiver: hasHead ? layerCount - 1 : lastSender,
      },
    }
  })

/** Every layer once, no device twice, and the ticks that are claimed. */
function expectWhole({ segments, ticks }: TimedSplit, problem: TimedProblem): void {
  expect(segments[0]!.start).toBe(problem.firstLayer)
  expect(segments.at(-1)!.end).toBe(problem.layerCount)
  expect(new Set(segments.map(({ device }) => device)).size).toBe(segments.length)
  segments.forEach(({ role, start }, at) => {
    expect(role).toBe(roleOf(at, segments.length))
    if (at > 0) expect(start).toBe(segments[at - 1]!.end)
  })
  expect(ticks).toBe(ticksOf(problem, segments))
}

it(
  'equals brute force over all contiguous splits that fit, in the order of the devices or in any',
  { timeout: 60_000 },
  () => {
    let found = 0
    fc.assert(
      fc.property(problems, (problem) => {
        const split = fastestSplit(problem, needTables(problem), { steps: Infinity, replays: 0 })
        expect(split?.ticks ?? Infinity).toBe(bruteForce(problem))
        if (!split) return
        expectWhole(split, problem)
        found++
      }),
      { numRuns: 2000 },
    )
    expect(found).toBeGreaterThan(100)
  },
)
