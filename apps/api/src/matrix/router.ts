import { anyEngineIds } from '@berth/core'
import { withTeamMargin } from '../plan/team-margin.ts'
import { procedure, router } from '../trpc.ts'
import { hardwareOf, loadFiles, loadMachines, namedMachines } from './load.ts'
import { cellsInput, cellsOutput, matrixInput, matrixOutput } from './schema.ts'

const tags = ['fleet']

export const fleetRouter = router({
  matrix: procedure
    .meta({
      openapi: { method: 'POST', path: '/fleet/matrix', tags, summary: 'Which files fit which machines, all at once' },
    })
    .input(matrixInput)
    .output(matrixOutput)
    .mutation(async ({ ctx, input, signal }) => {
      const { files, leftOut, give } = await loadFiles(ctx, input.models)
      const machines = await loadMachines(ctx, input)
      const { hardware, representatives } = hardwareOf(machines, { memory: input.memory, files: files.length })
      const { engine, engineVersion, request } = (await withTeamMargin(ctx))(input)
      const question = { engine, engineVersion, request, machines: representatives, planMs: input.planMs }
      const rows = await ctx.services.survey(question, { files, give }, signal)
      return {
        files: files.map(({ shown }, at) => ({ ...shown, ...rows[at]!.facts })),
        ...{ leftOut, hardware, cells: rows.map(({ cells }) => cells) },
      }
    }),

  cells: procedure
    .meta({
      openapi: { method: 'POST', path: '/fleet/cells', tags, summary: 'One file on these machines, planned exactly' },
    })
    .input(cellsInput)
    .output(cellsOutput)
    .mutation(async ({ ctx, input, signal }) => {
      const machines = await namedMachines(ctx, input)
      const { files, give } = await loadFiles(ctx, [input.model], { folders: true })
      const { request } = (await withTeamMargin(ctx))(input)
      const engines = input.engines ?? anyEngineIds.map((engine) => ({ engine, engineVersion: undefined }))
      const cells = await ctx.services.cells({ engines, request, machines }, { file: files[0]!, give }, signal)
      return { cells }
    }),
})
