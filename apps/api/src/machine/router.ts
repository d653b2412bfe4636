import { notFound } from '../errors.ts'
import { removePlansOn } from '../plan/repository.ts'
import { importProcedure, procedure, router } from '../trpc.ts'
import { inTransaction } from '../transaction.ts'
import { addSampleLab, removeSampleLab } from './sample-lab.ts'
import { listMachinesInput } from './filter-schema.ts'
import { listFleet } from './fleet.ts'
import { fleetProcedures } from './fleet-router.ts'
import { importMachines, previewImport } from './import.ts'
import { machineMemory } from './memory.ts'
import { machineMemoryOutput } from './memory-schema.ts'
import { cloneFrom, createFromCatalogue } from './new.ts'
import { cloneMachineInput, cloneMachineOutput, createMachineInput } from './new-schema.ts'
import { findKnown, findMachine, removeMachine, removeMissingDevice, updateMachine } from './repository.ts'
import {
  importMachinesInput,
  importOutput,
  listMachinesOutput,
  machineDetail,
  machineInput,
  machineView,
  previewOutput,
  removedSampleLabOutput,
  removeDeviceInput,
  removeMachineInput,
  sampleLabOutput,
  updateMachineInput,
} from './schema.ts'
import { byRequest } from '../history/by.ts'
import { saveOverrides } from '../override/repository.ts'
import { setOverridesInput } from '../override/schema.ts'
import { override } from '../override/set-overrides.ts'
import { removedSchema } from '../schema-parts.ts'
import { requireUnused } from '../plan/in-use.ts'
import { requireUnreserved } from '../reservation/in-use.ts'
import { holdMachines } from '../reserved-memory/repository.ts'

const tags = ['machines']

export const machineRouter = router({
  list: procedure
    .meta({
      openapi: { method: 'GET', path: '/machines', tags, summary: 'List machines, all or those that pass a filter' },
    })
    .input(listMachinesInput)
    .output(listMachinesOutput)
    .query(({ ctx, input }) => listFleet(ctx.services.database.client, ctx.teamId, input)),

  ...fleetProcedures,

  get: procedure
    .meta({
      openapi: { method: 'GET', path: '/machines/{id}', tags, summary: 'One machine, with what it was read from' },
    })
    .input(machineInput)
    .output(machineDetail)
    .query(async ({ ctx, input: { id } }) => {
      const machine = await findMachine(ctx.services.database.client, ctx.teamId, id)
      if (machine === undefined) throw notFound('machine', id)
      return machine
    }),

  memory: procedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/machines/{id}/memory',
        tags,
        summary: 'What is measured, reserved and planned of its memory, place by place, and what is free',
      },
    })
    .input(machineInput)
    .output(machineMemoryOutput)
    .query(({ ctx, input: { id } }) => machineMemory(ctx.services.database.client, ctx.teamId, id)),

  previewImport: importProcedure
    .meta({
      openapi: { method: 'POST', path: '/machines/import/preview', tags, summary: 'Say what an import would change' },
    })
    .input(importMachinesInput)
    .output(previewOutput)
    .mutation(({ ctx, input }) => previewImport(ctx, input)),

  import: importProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/machines/import',
        tags,
        summary: 'Read machines out of what their tools print; all of them or none',
      },
    })
    .input(importMachinesInput)
    .output(importOutput)
    .mutation(({ ctx, input }) => importMachines(ctx, input)),

  create: procedure
    .meta({
      openapi: { method: 'POST', path: '/machines', tags, summary: 'Register a machine made of the GPU catalogue' },
      status: 201,
    })
    .input(createMachineInput)
    .output(machineView)
    .mutation(({ ctx, input }) => createFromCatalogue(ctx, input)),

  clone: procedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/machines/{id}/clone',
        tags,
        summary: 'Register more machines of the same build; all of them or none',
      },
      status: 201,
    })
    .input(cloneMachineInput)
    .output(cloneMachineOutput)
    .mutation(async ({ ctx, input }) => ({ machines: await cloneFrom(ctx, input) })),

  update: procedure
    .meta({
      openapi: {
        method: 'PATCH',
        path: '/machines/{id}',
        tags,
        summary: 'Rename a machine, say where it stands and whose it is, or take it out of planning and back',
      },
    })
    .input(updateMachineInput)
    .output(machineView)
    .mutation(({ ctx, input: { id, message, ...change } }) =>
      inTransaction(ctx, async (db) => {
        const { teamId } = ctx
        const target = { teamId, id, by: byRequest(ctx, message) }
        if (!(await updateMachine(db, target, change))) throw notFound('machine', id)
        const updated = await findMachine(db, teamId, id)
        if (updated === undefined) throw notFound('machine', id)
        return updated
      }),
    ),

  setOverrides: procedure
    .meta({
      openapi: {
        method: 'PATCH',
        path: '/machines/{id}/overrides',
        tags,
        summary: 'Set figures by hand against what was read, or let what was read stand again; all of them or none',
      },
    })
    .input(setOverridesInput)
    .output(machineView)
    .mutation(({ ctx, input: { id, ...request } }) =>
      inTransaction(ctx, async (db) => {
        const { teamId } = ctx
        const before = await findKnown(db, teamId, id)
        if (before === undefined) throw notFound('machine', id)
        const { overrides, differences } = override(before, request, new Date().toISOString())
        const action = request.set.length > 0 ? 'overridden' : 'restored'
        const written = { teamId, machine: before.read, overrides, action, differences } as const
        if (differences.length > 0) await saveOverrides(db, { ...written, by: byRequest(ctx, request.reason) })
        return (await findMachine(db, teamId, id))!
      }),
    ),

  remove: procedure
    .meta({ openapi: { method: 'DELETE', path: '/machines/{id}', tags, summary: 'Remove a machine' } })
    .input(removeMachineInput)
    .output(removedSchema)
    .mutation(({ ctx, input: { id, withPlans, message } }) =>
      inTransaction(ctx, async (db) => {
        const plans = { machineIds: [id] }
        await holdMachines(db, ctx.teamId, [id])
        await requireUnreserved(db, ctx.teamId, [id])
        if (withPlans) await removePlansOn(db, ctx.teamId, plans)
        else await requireUnused(db, ctx.teamId, plans)
        const target = { teamId: ctx.teamId, id, by: byRequest(ctx, message) }
        if (!(await removeMachine(db, target))) throw notFound('machine', id)
        return { id }
      }),
    ),

  removeDevice: procedure
    .meta({
      openapi: {
        method: 'DELETE',
        path: '/machines/{id}/devices/{deviceId}',
        tags,
        summary: 'Forget a device that the last import did not show',
      },
    })
    .input(removeDeviceInput)
    .output(removedSchema)
    .mutation(async ({ ctx, input: { id, deviceId, message } }) => {
      const target = { teamId: ctx.teamId, id, by: byRequest(ctx, message) }
      const removed = await inTransaction(ctx, (db) => removeMissingDevice(db, target, deviceId))
      if (!removed) throw notFound('missing device', deviceId)
      return { id: deviceId }
    }),

  addSampleLab: procedure
    .meta({ openapi: { method: 'POST', path: '/sample-lab', tags, summary: 'Add the sample lab' } })
    .output(sampleLabOutput)
    .mutation(({ ctx }) => inTransaction(ctx, (db) => addSampleLab(db, { teamId: ctx.teamId, by: byRequest(ctx) }))),

  removeSampleLab: procedure
    .meta({
      openapi: {
        method: 'DELETE',
        path: '/sample-lab',
        tags,
        summary: 'Remove the sample lab, and the plans and reservations on it',
      },
    })
    .output(removedSampleLabOutput)
    .mutation(({ ctx }) => inTransaction(ctx, (db) => removeSampleLab(db, { teamId: ctx.teamId, by: byRequest(ctx) }))),
})
