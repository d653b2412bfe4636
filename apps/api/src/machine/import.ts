import { completeMachine } from '@berth/catalogue'
import { explainInventoryIssue, explainInventoryWarning, type InventoryReading, readInventory } from '@berth/inventory'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { Queries } from '../db.ts'
import { ApiError } from '../errors.ts'
import { isPlainText } from '../schema-parts.ts'
import { inTransaction } from '../transaction.ts'
import { type Match, matchMachines, observedMachines, unmatchedLines } from './match.ts'
import { createMachine, findMachine, knownMachines, replaceMachine, updateMachine } from './repository.ts'
import type { importMachinesInput, importOutput, previewOutput } from './schema.ts'

type Input = z.output<typeof importMachinesInput>

type Saved = z.input<typeof importOutput>['machines'][number]

/** What an import of this text would do, with nothing saved. */
export async function previewImport(ctx: Context, input: Input): Promise<z.input<typeof previewOutput>> {
  const reading = read(input)
  const { matches, warnings } = await matchStored(ctx.services.database.client, ctx.teamId, reading)
  return {
    machines: matches.map(({ machine, change, existing, differences }) => ({
      // As it will be shown once it is saved.
      machine: completeMachine(machine),
      change,
      existing: existing === undefined ? null : { id: existing.id, name: existing.name },
      differences,
    })),
    sections: reading.sections,
    warnings,
  }
}

/** Saves every machine of the text, or none. The same text again changes nothing. */
export async function importMachines(ctx: Context, input: Input): Promise<z.input<typeof importOutput>> {
  const reading = read(input)
  return inTransaction(ctx, async (db) => {
    const { matches, warnings } = await matchStored(db, ctx.teamId, reading)
    refuseTakenNames(matches)
    const machines = []
    for (const match of matches) machines.push(await save(db, ctx.teamId, match, input.text))
    return { machines, warnings }
  })
}

/** @throws {ApiError} naming the line and field that are wrong. */
function read({ text, hostName }: Input): InventoryReading {
  const result = readInventory(text, hostName === undefined ? {} : { hostName })
  if (result.ok) {
    refuseOddText(result.value.machines, 'machines')
    refuseOddText(Object.fromEntries(result.value.told), 'told')
    return result.value
  }
  const { code, ...data } = result.issue
  throw new ApiError(`inventory-${code}`, explainInventoryIssue(result.issue), { data })
}

/** @throws {ApiError} naming the field whose text cannot be stored or shown as it is. */
function refuseOddText(value: unknown, name: string): void {
  const path = oddText(value, name)
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

interface Matched {
  readonly matches: readonly Match[]
  readonly warnings: z.input<typeof previewOutput>['warnings']
}

async function matchStored(db: Queries, teamId: string, reading: InventoryReading): Promise<Matched> {
  const known = await knownMachines(db, teamId)
  return {
    matches: matchMachines([...reading.machines, ...observedMachines(reading, known)], known, reading.told),
    warnings: warningsOf(reading, unmatchedLines(reading, known)),
  }
}

function refuseTakenNames(matches: readonly Match[]): void {
  const names = matches.filter(({ change }) => change === 'name-taken').map(({ machine }) => machine.name)
  if (names.length === 0) return
  throw new ApiError('name-taken', `Other machines are called ${names.join(', ')}. Give a host name.`, {
    data: { names },
  })
}

async function save(db: Queries, teamId: string, match: Match, rawText: string): Promise<Saved> {
  const { machine, missing, existing, standing } = match
  if (existing === undefined) {
    return { machine: await createMachine(db, teamId, { machine, rawText, sample: false, standing }), change: 'new' }
  }
  const at = { teamId, id: existing.id }
  if (match.reread) await replaceMachine(db, at, { machine, missing, rawText })
  if (Object.keys(standing).length > 0) await updateMachine(db, at, standing)
  const stored = await findMachine(db, teamId, existing.id)
  if (stored === undefined) throw new ApiError('conflict', `${existing.name} was removed at the same time.`)
  return { machine: stored, change: match.change === 'changed' ? 'changed' : 'unchanged' }
}

/** What the text alone left open may be of a machine that is stored. */
const ofObservations = ['observation-unmatched', 'paths-unmatched']

const warningsOf = ({ warnings }: InventoryReading, unmatched: readonly number[]): Matched['warnings'] =>
  warnings
    .filter(({ code, line }) => !ofObservations.includes(code) || unmatched.includes(line))
    .map((warning) => ({ code: warning.code, line: warning.line, message: explainInventoryWarning(warning) }))
