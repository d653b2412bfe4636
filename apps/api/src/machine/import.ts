import { completeMachine } from '@berth/catalogue'
import type { Machine } from '@berth/core'
import { explainInventoryIssue, explainInventoryWarning, type InventoryReading, readInventory } from '@berth/inventory'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { Queries } from '../db.ts'
import { ApiError } from '../errors.ts'
import { isPlainText } from '../schema-parts.ts'
import { inTransaction } from '../transaction.ts'
import { type Match, matchMachines, observedMachines } from './match.ts'
import { createMachine, findMachine, knownMachines, replaceMachine } from './repository.ts'
import type { importMachinesInput, importOutput, previewOutput } from './schema.ts'

type Input = z.output<typeof importMachinesInput>

type Saved = z.input<typeof importOutput>['machines'][number]

/** What an import of this text would do, with nothing saved. */
export async function previewImport(ctx: Context, input: Input): Promise<z.input<typeof previewOutput>> {
  const reading = read(input)
  const matches = await matchStored(ctx.services.database.client, ctx.teamId, reading)
  return {
    machines: matches.map(({ machine, change, existing, differences }) => ({
      // As it will be shown once it is saved.
      machine: completeMachine(machine),
      change,
      existing: existing === undefined ? null : { id: existing.id, name: existing.name },
      differences,
    })),
    sections: reading.sections,
    warnings: warningsOf(reading),
  }
}

/** Saves every machine of the text, or none. The same text again changes nothing. */
export async function importMachines(ctx: Context, input: Input): Promise<z.input<typeof importOutput>> {
  const reading = read(input)
  const machines = await inTransaction(ctx, async (db) => {
    const matches = await matchStored(db, ctx.teamId, reading)
    refuseTakenNames(matches)
    const saved = []
    for (const match of matches) saved.push(await save(db, ctx.teamId, match, input.text))
    return saved
  })
  return { machines, warnings: warningsOf(reading) }
}

/** @throws {ApiError} naming the line and field that are wrong. */
function read({ text, hostName }: Input): InventoryReading {
  const result = readInventory(text, hostName === undefined ? {} : { hostName })
  if (result.ok) {
    refuseOddText(result.value.machines)
    return result.value
  }
  const { code, ...data } = result.issue
  throw new ApiError(`inventory-${code}`, explainInventoryIssue(result.issue), { data })
}

/** @throws {ApiError} naming the field whose text cannot be stored or shown as it is. */
function refuseOddText(machines: readonly Machine[]): void {
  const path = oddText(machines, 'machines')
  if (path === undefined) return
  const message = 'must hold no control characters'
  throw new ApiError('invalid-input', `${path}: ${message}`, { fields: [{ path, message }] })
}

function oddText(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return isPlainText(value) ? undefined : path
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, part] of Object.entries(value)) {
    const found = oddText(part, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

async function matchStored(db: Queries, teamId: string, reading: InventoryReading): Promise<readonly Match[]> {
  const known = await knownMachines(db, teamId)
  return matchMachines([...reading.machines, ...observedMachines(reading, known)], known)
}

function refuseTakenNames(matches: readonly Match[]): void {
  const names = matches.filter(({ change }) => change === 'name-taken').map(({ machine }) => machine.name)
  if (names.length === 0) return
  throw new ApiError('name-taken', `Other machines are called ${names.join(', ')}. Give a host name.`, {
    data: { names },
  })
}

async function save(db: Queries, teamId: string, match: Match, rawText: string): Promise<Saved> {
  const { machine, missing, existing } = match
  if (existing === undefined) {
    return { machine: await createMachine(db, teamId, { machine, rawText, sample: false }), change: 'new' }
  }
  if (match.change === 'changed') {
    const replaced = await replaceMachine(db, { teamId, id: existing.id }, { machine, missing, rawText })
    return { machine: replaced, change: 'changed' }
  }
  const stored = await findMachine(db, teamId, existing.id)
  if (stored === undefined) throw new ApiError('conflict', `${existing.name} was removed at the same time.`)
  return { machine: stored, change: 'unchanged' }
}

const warningsOf = ({ warnings }: InventoryReading) =>
  warnings.map((warning) => ({ code: warning.code, line: warning.line, message: explainInventoryWarning(warning) }))
