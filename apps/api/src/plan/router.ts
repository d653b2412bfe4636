import { byVerdict } from '@berth/core'
import { notFound } from '../errors.ts'
import { machinesById } from '../machine/by-id.ts'
import { removedSchema } from '../schema-parts.ts'
import { inTransaction } from '../transaction.ts'
import { procedure, router } from '../trpc.ts'
import { VERSION } from '../version.ts'
import { judgeSaved } from './judge-saved.ts'
import { candidatesFor } from './candidates.ts'
import { driftOfPlan } from './drift.ts'
import { withElsewhere } from './elsewhere.ts'
import { loadFile, loadModel, summaryOf } from './load-model.ts'
import { chosenMachines } from './machines.ts'
import { optionsOf } from './options.ts'
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
import { snapshotOf } from './snapshot.ts'
import { type SolveResult, solveInput, solveOutput } from './solve-schema.ts'
import { togetherInput, togetherOutput } from './together-schema.ts'
import { withTeamMargin } from './team-margin.ts'
import { toView } from './view.ts'

const tags = ['plans']

const solvedFirst = (left: SolveResult, right: SolveResult): number =>
  Number(right.solution.solved) - Number(left.solution.solved) || left.machine.name.localeCompare(right.machine.name)

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
      const { header, source, otherFiles } = loaded
      const asked = (await withTeamMargin(ctx))(input)
      const options = await optionsOf(db, ctx.teamId, asked)
      const { engine, engineVersion, request, engineAlone, split } = asked
      const how = { engine, engineVersion, request, engineAlone, ...(split && { split }) }
      const question = { header, source, otherFiles, ...how, ...options }
      const results = await ctx.services.judge(question, machines, signal)
      return { model: summaryOf(loaded), results: withElsewhere(results.toSorted(byVerdict)) }
    }),

  together: procedure
    .meta({
      openapi: { method: 'POST', path: '/plans/together', tags, summary: 'Place several models on a machine at once' },
    })
    .input(togetherInput)
    .output(togetherOutput)
    .mutation(async ({ ctx, input, signal }) => {
      const db = ctx.services.database.client
      const loaded = await Promise.all(input.models.map(({ model }) => loadFile(db, ctx.teamId, model)))
      const machines = await chosenMachines(db, ctx.teamId, input.machineIds)
      const asked = await withTeamMargin(ctx)
      const models = loaded.map(({ header, source }, at) => ({
        header,
        source,
        request: asked(input.models[at]!).request,
      }))
      const { engine, engineVersion } = input
      const results = await ctx.services.judgeTogether({ engine, engineVersion, models }, machines, signal)
      return { models: loaded.map(summaryOf), results: results.toSorted((a, b) => Number(b.fits) - Number(a.fits)) }
    }),

  solve: procedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/plans/solve',
        tags,
        summary: 'The largest context, most slots, finest cache or best mix on every machine',
      },
    })
    .input(solveInput)
    .output(solveOutput)
    .mutation(async ({ ctx, input, signal }) => {
      const db = ctx.services.database.client
      const loaded = await loadFile(db, ctx.teamId, input.model)
      const candidates = await candidatesFor(db, ctx.teamId, input)
      const machines = await chosenMachines(db, ctx.teamId, input.machineIds)
      const { header, source } = loaded
      const asked = (await withTeamMargin(ctx))(input)
      const { engine, engineVersion, request, unknown } = asked
      const options = await optionsOf(db, ctx.teamId, asked)
      const question = { header, source, engine, engineVersion, request, unknown, candidates, ...options }
      const results = await ctx.services.solve(question, machines, signal)
      return { model: summaryOf(loaded), results: results.toSorted(solvedFirst) }
    }),

  save: procedure
    .meta({ openapi: { method: 'POST', path: '/plans', tags, summary: 'Save a plan by its inputs' }, status: 201 })
    .input(savePlanInput)
    .output(planView)
    .mutation(async ({ ctx, input, signal }) => {
      const asked = (await withTeamMargin(ctx))(input)
      const judged = await judgeSaved(ctx, asked, signal)
      const { fits } = judged.result
      const plan = { ...asked, savedVersion: VERSION, savedFits: fits, snapshot: snapshotOf(judged) }
      return inTransaction(ctx, async (db) => toView(await createPlan(db, ctx.teamId, plan), judged.machine))
    }),

  list: procedure
    .meta({ openapi: { method: 'GET', path: '/plans', tags, summary: 'List saved plans' } })
    .input(listPlansInput)
    .output(listPlansOutput)
    .query(async ({ ctx, input }) => {
      const db = ctx.services.database.client
      const { items, nextCursor } = await listPlans(db, ctx.teamId, input)
      const machines = await machinesById(db, ctx.teamId, items)
      return { items: items.map((plan) => toView(plan, machines.get(plan.machineId))), nextCursor }
    }),

  get: procedure
    .meta({ openapi: { method: 'GET', path: '/plans/{id}', tags, summary: 'One saved plan, judged anew' } })
    .input(planInput)
    .output(planDetail)
    .query(async ({ ctx, input: { id }, signal }) => {
      const plan = await findPlan(ctx.services.database.client, ctx.teamId, id)
      if (plan === undefined) throw notFound('plan', id)
      const judged = await judgeSaved(ctx, plan, signal)
      const drift = plan.snapshot && (await driftOfPlan(ctx, plan.snapshot.inventory, judged, signal))
      return { ...toView(plan, judged.machine), drift, result: judged.result, version: VERSION }
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
