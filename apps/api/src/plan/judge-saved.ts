import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { findMachine } from '../machine/repository.ts'
import type { MachineView } from '../machine/schema.ts'
import type { JudgedPlan } from './drift.ts'
import { loadModel } from './load-model.ts'
import { optionsOf } from './options.ts'
import type { NewPlan } from './repository.ts'

type Inputs = Omit<NewPlan, 'name' | 'savedVersion' | 'savedFits' | 'snapshot'>

/**
 * The verdict on a plan's own machine, with what was judged.
 *
 * @throws {ApiError} `not-found` when its machine or model is not there.
 */
export async function judgeSaved(ctx: Context, plan: Inputs, signal?: AbortSignal): Promise<JudgedPlan> {
  const machine = await findMachine(ctx.services.database.client, ctx.teamId, plan.machineId)
  if (machine === undefined) throw notFound('machine', plan.machineId)
  return judgeInputs(ctx, { plan, machine }, signal)
}

interface InputsOnMachine {
  readonly plan: Omit<Inputs, 'machineId'>
  /** As it is, or as it would be. */
  readonly machine: MachineView
}

/**
 * What a plan is made of, judged on a machine.
 *
 * @throws {ApiError} `not-found` when its model is not there.
 */
export async function judgeInputs(
  ctx: Context,
  { plan, machine }: InputsOnMachine,
  signal?: AbortSignal,
): Promise<JudgedPlan> {
  const db = ctx.services.database.client
  const { header, source, otherFiles } = await loadModel(db, ctx.teamId, plan.model)
  const { engine, engineVersion, request, split } = plan
  const options = await optionsOf(db, ctx.teamId, plan)
  const how = { engine, engineVersion, request, ...(split && { split }), ...options }
  const question = { header, source, otherFiles, ...how }
  const [result] = await ctx.services.judge(question, [machine], signal)
  if (result === undefined) throw new Error('a machine was not judged')
  return { machine, question, result }
}
