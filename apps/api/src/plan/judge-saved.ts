import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { findMachine } from '../machine/repository.ts'
import { loadModel } from './load-model.ts'
import { optionsOf } from './options.ts'
import type { NewPlan } from './repository.ts'
import type { PlanResult } from './schema.ts'

type Inputs = Omit<NewPlan, 'name' | 'savedVersion' | 'savedFits'>

/**
 * The verdict on a plan's own machine.
 *
 * @throws {ApiError} `not-found` when its machine or model is not there.
 */
export async function judgeSaved(ctx: Context, plan: Inputs, signal?: AbortSignal): Promise<PlanResult> {
  const db = ctx.services.database.client
  const machine = await findMachine(db, ctx.teamId, plan.machineId)
  if (machine === undefined) throw notFound('machine', plan.machineId)
  const { header, source, otherFiles } = await loadModel(db, ctx.teamId, plan.model)
  const { engine, engineVersion, request, split } = plan
  const options = await optionsOf(db, ctx.teamId, plan)
  const how = { engine, engineVersion, request, ...(split && { split }), ...options }
  const question = { header, source, otherFiles, ...how }
  const [result] = await ctx.services.judge(question, [machine], signal)
  if (result === undefined) throw new Error('a machine was not judged')
  return result
}
