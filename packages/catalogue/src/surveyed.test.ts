import {
  describeModel,
  engines,
  gibibytes,
  type Machine,
  machineId,
  needsHost,
  plan,
  requestDefaults,
  survey,
  tokens,
} from '@berth/core'
import { expect, it } from 'vitest'
import { catalogueHeader, catalogueModels, machineFromCatalogue } from './index.ts'

const request = { ...requestDefaults, contextLength: tokens(16384), parallel: 2 }
const engine = engines['llama.cpp']

function machineOf(hostGib: number, ...gpus: readonly (readonly [string, number])[]): Machine {
  const made = machineFromCatalogue({
    ...{ id: machineId('m'), name: 'm', hostMemory: gibibytes(hostGib) },
    gpus: gpus.map(([gpu, count]) => ({ gpu, count })),
  })
  if (!made.ok) throw new Error(made.issue.code)
  return made.value
}

const [small, large] = ['nvidia-geforce-rtx-3060-12gb', 'nvidia-geforce-rtx-3090-24gb'] as const
const machines = [
  machineOf(32, [small, 1]),
  machineOf(64, [large, 1]),
  machineOf(64, [small, 4]),
  machineOf(128, [large, 2]),
  machineOf(64, [large, 1], [small, 2]),
  machineOf(256, ['nvidia-a100-sxm4-80gb', 2]),
]

/** One of every kind of graph: the survey guesses what planning replays. */
const models = catalogueModels
  .filter((_, at) => at % 5 === 2)
  .flatMap((entry) => {
    const described = describeModel(catalogueHeader(entry, entry.mixes[Math.floor(entry.mixes.length / 2)]!))
    return described.ok ? [described.value] : []
  })

it('a survey says of no pair what its plan does not', () => {
  const rows = [...survey({ models, machines, engine, request, mayPlan: () => false })]
  let told = 0
  rows.forEach((row, file) => {
    row.forEach(({ verdict }, on) => {
      if (verdict === 'open') return
      const planned = plan({ model: models[file]!, machine: machines[on]!, engine, request })
      const expected = planned.fits ? (needsHost(planned.best) ? 'host' : 'fits') : 'no'
      expect(verdict, `${models[file]!.name} on machine ${on}`).toBe(expected)
      told++
    })
  })
  expect(told).toBeGreaterThan(0.9 * models.length * machines.length)
}, 60_000)
