import type { Context } from '../context.ts'
import { summaryOf } from '../plan/load-model.ts'
import { procedure, router } from '../trpc.ts'
import type { PackingAnswer } from './answer.ts'
import { loadPacking, type LoadedPacking, loadReplicas } from './load.ts'
import {
  greedyInput,
  type PackingInput,
  type PackingOutput,
  packingOutput,
  replicasInput,
  replicasOutput,
  solveInput,
} from './schema.ts'

const tags = ['packing']

export const packingRouter = router({
  greedy: procedure
    .meta({
      openapi: { method: 'POST', path: '/packing/greedy', tags, summary: 'Place models over the machines, at once' },
    })
    .input(greedyInput)
    .output(packingOutput)
    .mutation(({ ctx, input, signal }) => pack(ctx, { input, signal })),

  solve: procedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/packing/solve',
        tags,
        summary: 'Place models over the machines as well as can be, with what is proven of it; nothing is saved',
      },
    })
    .input(solveInput)
    .output(packingOutput)
    .mutation(({ ctx, input, signal }) => pack(ctx, { input, seconds: input.seconds, signal })),

  replicas: procedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/packing/replicas',
        tags,
        summary: 'How many replicas of a model fit the machines now',
      },
    })
    .input(replicasInput)
    .output(replicasOutput)
    .mutation(async ({ ctx, input, signal }) => {
      const { model, question } = await loadReplicas(ctx, input)
      return { model: summaryOf(model), ...(await ctx.services.countReplicas(question, signal)) }
    }),
})

interface Asked {
  readonly input: PackingInput
  readonly seconds?: number
  readonly signal: AbortSignal | undefined
}

async function pack(ctx: Context, { input, seconds, signal }: Asked): Promise<PackingOutput> {
  const loaded = await loadPacking(ctx, input)
  const { demands, machines } = loaded
  const answer = await ctx.services.pack({ demands, machines, policy: input.policy, seconds }, signal)
  return { ...answer, demands: demandRows(loaded, answer) }
}

const demandRows = ({ demands, models }: LoadedPacking, { placed }: PackingAnswer): PackingOutput['demands'] =>
  demands.map(({ name, engine, replicas, priority }, at) => ({
    ...{ name, engine, replicas, priority, model: summaryOf(models[at]!) },
    placed: placed.filter(({ demand }) => demand === at).length,
  }))
