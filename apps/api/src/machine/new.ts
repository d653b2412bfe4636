import { type CatalogueMachineIssue, explainCatalogueMachineIssue, machineFromCatalogue } from '@berth/catalogue'
import {
  cloneMachine,
  cloneNames,
  type CloneNamesIssue,
  explainCloneNamesIssue,
  machineId,
  overridesForClone,
} from '@berth/core'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import { ApiError, notFound } from '../errors.ts'
import { byRequest } from '../history/by.ts'
import { inTransaction } from '../transaction.ts'
import type { cloneMachineInput, createMachineInput } from './new-schema.ts'
import { createMachine, findKnown, machineNames } from './repository.ts'
import type { MachineView } from './schema.ts'

/**
 * Registers a machine of the catalogue's products, that nobody has measured.
 *
 * @throws {ApiError} naming the field whose GPU is not found or cannot be so, or `name-taken`.
 */
export function createFromCatalogue(ctx: Context, input: z.output<typeof createMachineInput>): Promise<MachineView> {
  const { name, gpus, hostMemoryBytes, cpu, link, message } = input
  // The id of where it comes from: its devices are named after it, the machine gets an id of its own.
  const id = machineId('catalogue')
  const host = { hostMemory: hostMemoryBytes, cpuName: cpu?.name, cpuCores: cpu?.cores }
  const made = machineFromCatalogue({ id, name, gpus, ...host, link })
  if (!made.ok) throw catalogueError(made.issue)
  return inTransaction(ctx, async (db) => {
    if ((await machineNames(db, ctx.teamId)).includes(name)) {
      throw new ApiError('name-taken', `Another machine is called ${name}.`, { data: { name } })
    }
    const owner = { teamId: ctx.teamId, by: byRequest(ctx, message) }
    return createMachine(db, owner, { machine: made.value, from: 'catalogue' })
  })
}

/**
 * Registers machines of the same build and standing as one that is there; all of them or none.
 *
 * @throws {ApiError} `not-found`, `name-taken`, or `invalid-input` for a pattern that does not tell them apart.
 */
export function cloneFrom(
  ctx: Context,
  { id, count, names, firstNumber, message }: z.output<typeof cloneMachineInput>,
): Promise<readonly MachineView[]> {
  return inTransaction(ctx, async (db) => {
    const source = await findKnown(db, ctx.teamId, id)
    if (source === undefined) throw notFound('machine', id)
    const taken = new Set(await machineNames(db, ctx.teamId))
    const named = cloneNames({ pattern: names ?? `${source.machine.name}-{n}`, count, firstNumber, taken })
    if (!named.ok) throw namesError(named.issue)
    const owner = { teamId: ctx.teamId, by: byRequest(ctx, message) }
    const machines = []
    for (const name of named.value) {
      const machine = cloneMachine(source.machine, name)
      const overrides = overridesForClone(source.overrides, [source.machine.devices, machine.devices])
      const from = `clone of ${source.machine.name}`
      machines.push(await createMachine(db, owner, { machine, from, overrides, standing: source.standing }))
    }
    return machines
  })
}

function catalogueError(issue: CatalogueMachineIssue): ApiError {
  const message = explainCatalogueMachineIssue(issue)
  switch (issue.code) {
    case 'gpu-not-found': {
      const path = `gpus[${issue.at}].gpu`
      const candidates = issue.candidates.map(({ id }) => id)
      return new ApiError('unknown-gpu', `${path}: ${message}`, { fields: [{ path, message }], data: { candidates } })
    }
    case 'too-many-devices':
      return new ApiError('limit-exceeded', message, { data: { field: 'gpus', limit: issue.limit } })
    case 'host-memory-needed':
      return invalid('hostMemoryBytes', message)
    case 'memory-shared-twice':
      return invalid(`gpus[${issue.at}]`, message)
  }
}

function namesError(issue: CloneNamesIssue): ApiError {
  const message = explainCloneNamesIssue(issue)
  if (issue.code === 'name-taken') return new ApiError('name-taken', message, { data: { names: issue.names } })
  return invalid('names', message)
}

const invalid = (path: string, message: string): ApiError =>
  new ApiError('invalid-input', `${path}: ${message}`, { fields: [{ path, message }] })
