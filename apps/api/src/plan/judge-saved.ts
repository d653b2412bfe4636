import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { findMachine } from '../machine/repository.ts'
import { loadModel } from './load-model.ts'
import type { NewPlan } from './repository.ts'
import type { PlanResult } from './schema.ts'

type Inputs = Pick<NewPlan, 'model' | 'machineId' | 'engine' | 'request'>

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
  const question = { header, source, otherFiles, engine: plan.engine, request: plan.request }
  const [result] = await ctx.services.judge(question, [machine], signal)
  if (result === undefined) throw new Error('a machine was not judged')
  return result
}
