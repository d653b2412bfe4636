import { notFound } from '../errors.ts'
import { findMachine } from '../machine/repository.ts'
import { removedSchema } from '../schema-parts.ts'
import { inTransaction } from '../transaction.ts'
import { procedure, router } from '../trpc.ts'
import { VERSION } from '../version.ts'
import { evaluate, judge } from './evaluate.ts'
import { loadModel } from './load-model.ts'
import { chosenMachines } from './machines.ts'
import { createPlan, findPlan, listPlans, removePlan } from './repository.ts'
import {
  evaluateInput,
  evaluateOutput,
  listPlansInput,
  listPlansOutput,
  planDetail,
  planInput,
  planView,
  savePlanInput,
} from './schema.ts'
import { toView } from './view.ts'

const tags = ['plans']

export const planRouter = router({
  evaluate: procedure
    .meta({
      openapi: { method: 'POST', path: '/plans/evaluate', tags, summary: 'Judge every machine; nothing is saved' },
    })
    .input(evaluateInput)
    .output(evaluateOutput)
    .mutation(async ({ ctx, input, signal }) => {
      const db = ctx.services.database.client
      const loaded = await loadModel(db, ctx.teamId, input.model)
      const machines = await chosenMachines(db, ctx.teamId, input.machineIds)
      const results = await evaluate(machines, { ...input, loaded }, signal)
      const { name, model } = loaded
      return { model: { name, architecture: model.architecture, weightBytes: model.weightBytes }, results }
    }),

  save: procedure
    .meta({ openapi: { method: 'POST', path: '/plans', tags, summary: 'Save a plan by its inputs' }, status: 201 })
    .input(savePlanInput)
    .output(planView)
    .mutation(async ({ ctx, input }) => {
      const loaded = await loadModel(ctx.services.database.client, ctx.teamId, input.model)
      return inTransaction(ctx, async (db) => {
        const machine = await findMachine(db, ctx.teamId, input.machineId)
        if (machine === undefined) throw notFound('machine', input.machineId)
        const { fits } = judge(machine, { ...input, loaded })
        return toView(await createPlan(db, ctx.teamId, { ...input, savedVersion: VERSION, savedFits: fits }))
      })
    }),

  list: procedure
    .meta({ openapi: { method: 'GET', path: '/plans', tags, summary: 'List saved plans' } })
    .input(listPlansInput)
    .output(listPlansOutput)
    .query(async ({ ctx, input }) => {
      const { items, nextCursor } = await listPlans(ctx.services.database.client, ctx.teamId, input)
      return { items: items.map(toView), nextCursor }
    }),

  get: procedure
    .meta({ openapi: { method: 'GET', path: '/plans/{id}', tags, summary: 'One saved plan, judged anew' } })
    .input(planInput)
    .output(planDetail)
    .query(async ({ ctx, input: { id } }) => {
      const db = ctx.services.database.client
      const plan = await findPlan(db, ctx.teamId, id)
      const machine = plan === undefined ? undefined : await findMachine(db, ctx.teamId, plan.machineId)
      if (plan === undefined || machine === undefined) throw notFound('plan', id)
      const loaded = await loadModel(db, ctx.teamId, plan.model)
      return { ...toView(plan), result: judge(machine, { ...plan, loaded }), version: VERSION }
    }),

  remove: procedure
    .meta({ openapi: { method: 'DELETE', path: '/plans/{id}', tags, summary: 'Remove a saved plan' } })
    .input(planInput)
    .output(removedSchema)
    .mutation(async ({ ctx, input: { id } }) => {
      if (!(await removePlan(ctx.services.database.client, ctx.teamId, id))) throw notFound('plan', id)
      return { id }
    }),
})
