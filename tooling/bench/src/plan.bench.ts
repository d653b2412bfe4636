import { catalogueHeader, catalogueModels, findCatalogueModel, sampleLab } from '@berth/catalogue'
import {
  describeModel,
  type Device,
  deviceId,
  engines,
  gibibytes,
  judge,
  type Machine,
  type Model,
  plan,
  planTogether,
  requestDefaults,
  solve,
  tokens,
} from '@berth/core'
import { Bench } from 'tinybench'
import { printRatio } from './print-ratio.ts'
import { printRows } from './print-rows.ts'

/** What the planner page does while a slider moves, and what a catalogue entry costs. */
const lab = sampleLab()
const request = { ...requestDefaults, contextLength: tokens(8192) }

function modelNamed(id: string): Model {
  const described = describeModel(headerOf(id))
  if (!described.ok) throw new Error(`${id}: ${described.issue.code}`)
  return described.value
}

function headerOf(id: string) {
  const model = findCatalogueModel(id)
  if (model === undefined) throw new Error(`the catalogue has no ${id}; it has ${catalogueModels.length} others`)
  return catalogueHeader(model, model.mixes.find((mix) => mix === 'Q4_K_M') ?? model.mixes[0]!)
}

// Plans differ by far more than a few runs of one do.
const bench = new Bench({ time: 150, iterations: 3, warmupTime: 0, warmupIterations: 1 })

bench.add('size a 70B in a mix', () => headerOf('llama-3.3-70b'))
const header = headerOf('llama-3.3-70b')
bench.add('describe a 70B', () => describeModel(header))
for (const [id, on] of [
  ['llama-3.3-70b', 'lab-01'],
  ['qwen3-30b-a3b', 'lab-01'],
  ['deepseek-r1-671b', 'lab-03'],
] as const) {
  const model = modelNamed(id)
  const machine = lab.find(({ name }) => name === on)!
  bench.add(`plan ${id} on ${on}`, () => plan({ model, machine, engine: engines['llama.cpp'], request }))
}

/** Eight unequal cards that hold a 70B together and none of them alone: the widest search there is. */
const [pattern] = lab.flatMap(({ devices }) => devices)
const unequal: Machine = {
  ...lab[0]!,
  devices: [24, 16, 12, 12, 11, 10, 9, 8].map((gib, index): Device => ({
    ...pattern!,
    id: deviceId(`gpu-${index}`),
    index,
    uuid: `GPU-0000000${index}-0000-0000-0000-000000000000`,
    memoryTotal: gibibytes(gib),
    memoryUsed: gibibytes(0),
  })),
}
const seventyB = modelNamed('llama-3.3-70b')
const thirtyB = modelNamed('qwen3-30b-a3b')
const engine = engines['llama.cpp']
const onUnequal = 'a 70B on 8 unequal cards'
const input = { model: seventyB, machine: unequal, engine, request }
const planned = plan(input)
if (!planned.fits) throw new Error(`${onUnequal} does not fit`)
const { split } = planned.best
const estimate = `judge one split of ${onUnequal}`
const together = 'plan a 70B and a 30B together'
const solving = `solve for the context of ${onUnequal}`
const objectives = ['headroom', 'fewest-devices', 'fastest', 'largest-context'] as const
const planFor = (preference: (typeof objectives)[number]): string => `plan ${onUnequal}: ${preference}`

bench.add(estimate, () => judge({ ...input, split }))
for (const preference of objectives) bench.add(planFor(preference), () => plan({ ...input, preference }))
bench.add(solving, () => solve({ ...input, unknown: 'context' }))
bench.add(together, () =>
  planTogether({
    machine: unequal,
    tenants: [
      { model: seventyB, engine, request },
      { model: thirtyB, engine, request },
    ],
  }),
)

await bench.run()
printRows(bench)
for (const of of [...objectives.map(planFor), solving, together]) {
  printRatio(bench, { of, to: estimate, meaning: `${of}: so many judgements of one split` })
}
