import { catalogueHeader, findCatalogueModel, sampleLab } from '@berth/catalogue'
import {
  describeModel,
  type Device,
  deviceId,
  engines,
  gibibytes,
  type Machine,
  machineId,
  type PackPolicy,
  packPolicies,
  type PackProblem,
  planProblem,
  requestDefaults,
  tokens,
  verified,
} from '@berth/core'
import { packAtOnce, packExactly, type SolvedPacking } from '@berth/solver'
import { Bench } from 'tinybench'
import { printRatio } from './print-ratio.ts'
import { printRows } from './print-rows.ts'

/** 12 demands on 20 machines of seven kinds, some of them in use: what the packing page asks of a lab. */
const KINDS = [
  [24, 24],
  [24, 24, 24, 24],
  [48, 48, 48, 48],
  [80, 80, 80, 80, 80, 80, 80, 80],
  [24],
  [16, 24],
  [12, 12, 24],
]
const MODELS = ['llama-3.3-70b', 'qwen3-30b-a3b', 'llama-3-8b']
const MACHINES = 20
const DEMANDS = 12
const SECONDS = 20

const [card] = sampleLab().flatMap(({ devices }) => devices)
const deviceOf = (gib: number, index: number, usedGib: number): Device => ({
  ...card!,
  ...{ id: deviceId(`gpu-${index}`), index, name: `card of ${gib} GiB`, uuid: `GPU-${index}` },
  ...{ memoryTotal: gibibytes(gib), memoryUsed: gibibytes(usedGib) },
})
const machineOf = (at: number): Machine => {
  const inUse = at % 3 === 0
  return {
    ...{ id: machineId(`m${at}`), name: `m${at}`, hostMemoryTotal: gibibytes(256), links: [] },
    devices: KINDS[at % KINDS.length]!.map((gib, index) => deviceOf(gib, index, inUse && index % 2 === 0 ? 5 : 0)),
  }
}
const models = MODELS.map((id) => {
  const described = describeModel(catalogueHeader(findCatalogueModel(id)!, 'Q4_K_M'))
  if (!described.ok) throw new Error(`${id}: ${described.issue.code}`)
  return described.value
})
const problemFor = (policy: PackPolicy): PackProblem => ({
  policy,
  machines: Array.from({ length: MACHINES }, (_, at) => machineOf(at)),
  demands: Array.from({ length: DEMANDS }, (_, at) => ({
    ...{ model: models[at % models.length]!, engine: engines['llama.cpp'], mayRelyOnHost: false },
    request: { ...requestDefaults, contextLength: tokens(4096 * (1 + (at % 4))) },
    ...{ replicas: 1 + ((at * 7) % 9), priority: at % 3 },
  })),
})

const bench = new Bench({ time: 0, iterations: 2, warmup: false })
const reached = new Map<string, SolvedPacking['goals']>()
for (const policy of packPolicies) {
  const problem = problemFor(policy)
  const planned = planProblem(problem)
  bench.add(`${policy}: plan the options`, () => void planProblem(problem))
  bench.add(`${policy}: greedy`, () => {
    reached.set(`${policy} greedy`, packAtOnce(planned).goals)
  })
  bench.add(`${policy}: exact`, async () => {
    const { goals, assigned } = await packExactly(planned, { seconds: SECONDS })
    if (verified(planned, assigned).reasons.length > 0) throw new Error('the packing breaks a rule')
    reached.set(`${policy} exact`, goals)
  })
}

await bench.run()
printRows(bench)
for (const policy of packPolicies) {
  const [greedy, exact] = [reached.get(`${policy} greedy`)!, reached.get(`${policy} exact`)!]
  for (const [at, { goal, value, bound, isBest }] of exact.entries()) {
    const name = goal.kind === 'placed' ? `${goal.kind} of priority ${goal.priority}` : goal.kind
    const proof = isBest ? 'proven best' : `no packing passes ${bound}`
    console.log(`${policy}: ${name}: ${value} exact (${proof}), ${greedy[at]!.value} greedy`)
  }
  printRatio(bench, { of: `${policy}: exact`, to: `${policy}: greedy`, meaning: `${policy}: exact, in greedy answers` })
  printRatio(bench, {
    ...{ of: `${policy}: plan the options`, to: `${policy}: exact` },
    meaning: `${policy}: planning the options, of solving exactly`,
  })
}
