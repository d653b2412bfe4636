import { byGain, byLargest, byNeed, byStanding, isImagined } from '@berth/core'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { findMachine } from '../machine/repository.ts'
import { judgedMachine } from '../plan/judged-machine.ts'
import { loadFile, summaryOf } from '../plan/load-model.ts'
import { chosenMachines } from '../plan/machines.ts'
import { withTeamMargin } from '../plan/team-margin.ts'
import { procedure, router } from '../trpc.ts'
import { loadEdits } from './load-edits.ts'
import { loadFiles } from './load-files.ts'
import {
  hostsInput,
  hostsOutput,
  largestInput,
  largestOutput,
  upgradesInput,
  upgradesOutput,
  whatIfInput,
  whatIfOutput,
} from './schema.ts'

const tags = ['capacity']

async function machineOf(ctx: Context, id: string) {
  const machine = await findMachine(ctx.services.database.client, ctx.teamId, id)
  if (machine === undefined) throw notFound('machine', id)
  return machine
}

export const capacityRouter = router({
  largest: procedure
    .meta({
      openapi: { method: 'POST', path: '/capacity/largest', tags, summary: 'The largest model each machine can host' },
    })
    .input(largestInput)
    .output(largestOutput)
    .mutation(async ({ ctx, input, signal }) => {
      const db = ctx.services.database.client
      const { files, leftOut } = await loadFiles(db, ctx.teamId, input.files)
      const machines = await chosenMachines(db, ctx.teamId, input.machineIds)
      const { engine, engineVersion, request } = (await withTeamMargin(ctx))(input)
      const question = { kind: 'largest', files, engine, engineVersion, request } as const
      const results = await ctx.services.capacity.largest(question, machines, signal)
      return { files: files.length, leftOut, results: results.toSorted(byLargest) }
    }),

  hosts: procedure
    .meta({
      openapi: {
        ...{ method: 'POST', path: '/capacity/hosts', tags },
        summary: 'What can host a model at a context for so many users, and how far it goes there',
      },
    })
    .input(hostsInput)
    .output(hostsOutput)
    .mutation(async ({ ctx, input, signal }) => {
      const db = ctx.services.database.client
      const loaded = await loadFile(db, ctx.teamId, input.model)
      const machines = await chosenMachines(db, ctx.teamId, input.machineIds)
      const { engine, engineVersion, request } = (await withTeamMargin(ctx))(input)
      const question = { kind: 'hosts', header: loaded.header, engine, engineVersion, request } as const
      const results = await ctx.services.capacity.hosts(question, machines, signal)
      return { model: summaryOf(loaded), results: results.toSorted(byStanding) }
    }),

  whatIf: procedure
    .meta({
      openapi: {
        ...{ method: 'POST', path: '/capacity/what-if', tags },
        summary: 'What other cards or more RAM in a machine would allow; nothing is saved',
      },
    })
    .input(whatIfInput)
    .output(whatIfOutput)
    .mutation(async ({ ctx, input, signal }) => {
      const machine = await machineOf(ctx, input.machineId)
      const { edits, sentences, edited } = loadEdits(machine, input.edits)
      const { files, leftOut } = await loadFiles(ctx.services.database.client, ctx.teamId, input.files)
      const { engine, engineVersion, request } = (await withTeamMargin(ctx))(input)
      const question = { kind: 'what-if', files, edits, engine, engineVersion, request } as const
      const results = await ctx.services.capacity['what-if'](question, [machine], signal)
      return {
        ...{ machine: judgedMachine(machine), leftOut, edits: sentences },
        devices: edited.devices.map((device) => ({ ...device, imagined: isImagined(device.id) })),
        hostMemoryTotal: edited.hostMemoryTotal ?? null,
        results: results.toSorted(byGain),
      }
    }),

  upgrades: procedure
    .meta({
      openapi: { method: 'POST', path: '/capacity/upgrades', tags, summary: 'Which machines are one upgrade away' },
    })
    .input(upgradesInput)
    .output(upgradesOutput)
    .mutation(async ({ ctx, input, signal }) => {
      const db = ctx.services.database.client
      const loaded = await loadFile(db, ctx.teamId, input.model)
      const machines = await chosenMachines(db, ctx.teamId, input.machineIds)
      const { engine, engineVersion, request, mayRelyOnHost } = (await withTeamMargin(ctx))(input)
      const how = { engine, engineVersion, request, mayRelyOnHost }
      const question = { kind: 'upgrades', header: loaded.header, ...how } as const
      const results = await ctx.services.capacity.upgrades(question, machines, signal)
      return { model: summaryOf(loaded), results: results.toSorted(byNeed) }
    }),
})
