import { filterMachines, type MachineId } from '@berth/core'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { toFilter } from '../machine/filter-schema.ts'
import type { MachineView } from '../machine/schema.ts'
import { loadFile, type LoadedFile } from '../plan/load-model.ts'
import { chosenMachines } from '../plan/machines.ts'
import { withTeamMargin } from '../plan/team-margin.ts'
import type { AskedDemand } from './answer.ts'
import type { PackingInput, ReplicasInput } from './schema.ts'

export interface LoadedPacking {
  readonly models: readonly LoadedFile[]
  readonly machines: readonly MachineView[]
  readonly demands: readonly AskedDemand[]
}

/** @throws {ApiError} `not-found`, `unknown-model`, `format-not-taken` or `limit-exceeded`. */
export async function loadPacking(ctx: Context, { demands, machineIds }: PackingInput): Promise<LoadedPacking> {
  const db = ctx.services.database.client
  const models = await Promise.all(demands.map(({ model }) => loadFile(db, ctx.teamId, model)))
  const machines = await chosenMachines(db, ctx.teamId, machineIds)
  const asked = await withTeamMargin(ctx)
  return {
    ...{ models, machines },
    demands: demands.map((demand, at) => {
      const { engine, engineVersion, replicas, priority, mayRelyOnHost } = demand
      const { header, source, name } = models[at]!
      return {
        ...{ header, source, engine, engineVersion, replicas, priority, mayRelyOnHost },
        ...{ name: demand.name ?? name, request: asked(demand).request, allowed: allowedOf(demand, machines) },
      }
    }),
  }
}

type Where = Pick<ReplicasInput, 'machineIds' | 'filter'>

/** @throws {ApiError} `not-found` for a machine that is not among those that are judged. */
function allowedOf({ machineIds, filter }: Where, machines: readonly MachineView[]): readonly MachineId[] {
  const missing = machineIds?.find((id) => !machines.some((machine) => machine.id === id))
  if (missing !== undefined) throw notFound('machine', missing)
  const named = machineIds ? machines.filter(({ id }) => machineIds.includes(id)) : machines
  return (filter ? filterMachines(named, toFilter(filter)) : named).map(({ id }) => id)
}

export async function loadReplicas(ctx: Context, input: ReplicasInput) {
  const db = ctx.services.database.client
  const model = await loadFile(db, ctx.teamId, input.model)
  const all = await chosenMachines(db, ctx.teamId, input.machineIds)
  const allowed = new Set(allowedOf({ filter: input.filter }, all))
  const { header, source, name } = model
  const { engine, engineVersion, mayRelyOnHost, seconds } = input
  const { request } = (await withTeamMargin(ctx))(input)
  const demand = { header, source, name, engine, engineVersion, mayRelyOnHost, request }
  return { model, question: { demand, machines: all.filter(({ id }) => allowed.has(id)), seconds } }
}
