import type { Machine } from '@berth/core'
import { explainInventoryIssue, explainInventoryWarning, type InventoryReading, readInventory } from '@berth/inventory'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { Queries } from '../db.ts'
import { ApiError } from '../errors.ts'
import { byRequest } from '../history/by.ts'
import { isPlainText } from '../schema-parts.ts'
import { inTransaction } from '../transaction.ts'
import { type Match, matchMachines, observedMachines } from './match.ts'
import { createMachine, findMachine, knownMachines, replaceMachine, type Target } from './repository.ts'
import type { importMachinesInput, importOutput, previewOutput } from './schema.ts'

type Input = z.output<typeof importMachinesInput>

type Saved = z.input<typeof importOutput>['machines'][number]

/** More than a person reads; a machine that differs in more is another one. */
const MAX_DIFFERENCES = 100

/** What an import of this text would do, with nothing saved. */
export async function previewImport(ctx: Context, input: Input): Promise<z.input<typeof previewOutput>> {
  const reading = read(input)
  const matches = await matchStored(ctx.services.database.client, ctx.teamId, reading)
  return {
    machines: matches.map(({ machine, change, existing, differences }) => ({
      machine,
      change,
      existing: existing === undefined ? null : { id: existing.id, name: existing.name },
      differences: differences.slice(0, MAX_DIFFERENCES),
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
    const owner = { teamId: ctx.teamId, by: byRequest(ctx, input.message) }
    for (const match of matches) saved.push(await save(db, owner, match, input.text))
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

async function save(db: Queries, owner: Pick<Target, 'teamId' | 'by'>, match: Match, rawText: string): Promise<Saved> {
  const { machine, missing, existing, differences } = match
  if (existing === undefined) {
    const made = { machine, rawText, sample: false, from: 'import' }
    return { machine: await createMachine(db, owner, made), change: 'new' }
  }
  if (match.change === 'changed') {
    const record = { machine, missing, rawText, differences, action: 'imported' } as const
    const replaced = await replaceMachine(db, { ...owner, id: existing.id }, record)
    return { machine: replaced, change: 'changed' }
  }
  const stored = await findMachine(db, owner.teamId, existing.id)
  if (stored === undefined) throw new ApiError('conflict', `${existing.name} was removed at the same time.`)
  return { machine: stored, change: 'unchanged' }
}

const warningsOf = ({ warnings }: InventoryReading) =>
  warnings.map((warning) => ({ code: warning.code, line: warning.line, message: explainInventoryWarning(warning) }))
