import { completeMachine } from '@berth/catalogue'
import {
  formatTitles,
  explainInventoryIssue,
  explainInventoryWarning,
  type InventoryReading,
  readInventory,
} from '@berth/inventory'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { Queries } from '../db.ts'
import { ApiError } from '../errors.ts'
import { byRequest } from '../history/by.ts'
import { isMeasurement } from '../history/differences.ts'
import { holdMachines } from '../reserved-memory/repository.ts'
import { isPlainText } from '../schema-parts.ts'
import { inTransaction } from '../transaction.ts'
import { type Match, matchMachines, observeStored } from './match.ts'
import {
  createMachine,
  findMachine,
  knownMachines,
  markRead,
  replaceMachine,
  type SourceText,
  type Target,
  updateMachine,
} from './repository.ts'
import type { importMachinesInput, importOutput, MachineView, previewOutput, reportOutput } from './schema.ts'
import { markUsed } from '../token/repository.ts'
import type { ReportingToken } from '../token/require-token.ts'

type Input = z.output<typeof importMachinesInput>

interface Saved {
  readonly machine: MachineView
  readonly change: 'new' | 'changed' | 'measured' | 'unchanged'
}

/** More than a person reads; a machine that differs in more is another one. */
const MAX_DIFFERENCES = 100

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
      differences: differences.slice(0, MAX_DIFFERENCES),
    })),
    sections: reading.sections.map((section) => ({ ...section, title: formatTitles[section.format] })),
    warnings,
  }
}

/** Saves every machine of the text, or none. The same text again changes nothing. */
export async function importMachines(ctx: Context, input: Input): Promise<z.input<typeof importOutput>> {
  const reading = read(input)
  return inTransaction(ctx, async (db) => {
    const { matches, warnings } = await matchStored(db, ctx.teamId, reading)
    refuseTakenNames(matches)
    await holdMachines(db, ctx.teamId, idsOf(matches))
    const owner = { teamId: ctx.teamId, by: byRequest(ctx, input.message) }
    const machines = []
    for (const match of matches) {
      const readAt = lookedAt(reading, match.machine.name) ?? new Date()
      const text = { rawText: input.text, readAt }
      const { machine, change } = await save(db, owner, { match, text, action: 'imported' })
      machines.push({ machine, change: change === 'measured' ? ('changed' as const) : change })
    }
    return { machines, warnings }
  })
}

/** Brings the one machine that a collector reports up to date. */
export async function reportMachine(
  ctx: Context,
  { text: rawText, token }: { readonly text: string; readonly token: ReportingToken },
): Promise<z.input<typeof reportOutput>> {
  const reading = read({ text: rawText })
  const [report] = reading.collected
  if (report === undefined || reading.collected.length + reading.machines.length !== 2) {
    const message = 'must be what the collector prints of one machine'
    throw new ApiError('invalid-input', `The body ${message}.`, { fields: [{ path: '', message }] })
  }
  return inTransaction(ctx, async (db) => {
    const readAt = new Date()
    if (!(await markUsed(db, token, readAt))) throw tokenRevoked()
    const { matches, warnings } = await matchStored(db, ctx.teamId, reading)
    refuseTakenNames(matches)
    const owner = { teamId: ctx.teamId, by: { ...byRequest(ctx), source: `token ${token.name}` } }
    const text = { rawText, readAt, reportSeconds: report.everySeconds ?? null }
    const { machine, change } = await save(db, owner, { match: matches[0]!, text, action: 'reported' })
    return { machine: { id: machine.id, name: machine.name }, change, warnings }
  })
}

const tokenRevoked = (): ApiError => new ApiError('token-refused', 'The registration token has just been revoked.')

/** When a collector's output was gathered, by its own clock, where that is not ahead of ours. */
function lookedAt({ collected }: InventoryReading, name: string): Date | undefined {
  const times = collected.filter(({ hostName }) => hostName === name).map(({ collectedAt }) => Date.parse(collectedAt))
  return times.length === 0 ? undefined : new Date(Math.min(Date.now(), Math.max(...times)))
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
  const partial = new Set(reading.collected.filter((one) => one.partial).map(({ hostName }) => hostName))
  const observed = observeStored(reading, known)
  return {
    matches: matchMachines([...reading.machines, ...observed.machines], known, { told: reading.told, partial }),
    warnings: warningsOf(reading, observed.unmatchedLines),
  }
}

function refuseTakenNames(matches: readonly Match[]): void {
  const names = matches.filter(({ change }) => change === 'name-taken').map(({ machine }) => machine.name)
  if (names.length === 0) return
  throw new ApiError('name-taken', `Other machines are called ${names.join(', ')}. Give a host name.`, {
    data: { names },
  })
}

/** Of the machines that are there already. */
const idsOf = (matches: readonly Match[]): readonly string[] =>
  matches.flatMap(({ existing }) => (existing === undefined ? [] : [existing.id]))

interface Save {
  readonly match: Match
  readonly text: SourceText
  /** By a person who imports, or by a collector that reports by a token. */
  readonly action: 'imported' | 'reported'
}

/** Whatever is read of a machine is stored here. A report of nothing but other use of memory is no change. */
async function save(db: Queries, owner: Pick<Target, 'teamId' | 'by'>, { match, text, action }: Save): Promise<Saved> {
  const { machine, missing, existing, standing, differences } = match
  if (existing === undefined) {
    return {
      machine: await createMachine(db, owner, {
        machine,
        text,
        standing,
        from: action === 'imported' ? 'import' : 'report',
      }),
      change: 'new',
    }
  }
  const target = { ...owner, id: existing.id }
  if (match.reread) {
    const counts = action === 'imported' || !differences.every(({ path }) => isMeasurement(path))
    const record = { machine, missing, text, standing, counts, differences, action }
    return { machine: await replaceMachine(db, target, record), change: counts ? 'changed' : 'measured' }
  }
  if (match.fromTools) await markRead(db, target, text)
  else if (Object.keys(standing).length > 0) await updateMachine(db, target, standing)
  const stored = await findMachine(db, owner.teamId, existing.id)
  if (stored === undefined) throw new ApiError('conflict', `${existing.name} was removed at the same time.`)
  return { machine: stored, change: match.change === 'changed' ? 'changed' : 'unchanged' }
}

/** What the text alone left open may be of a machine that is stored. */
const ofObservations = ['observation-unmatched', 'paths-unmatched']

const warningsOf = ({ warnings }: InventoryReading, unmatched: readonly number[]): Matched['warnings'] =>
  warnings
    .filter(({ code, line }) => !ofObservations.includes(code) || unmatched.includes(line))
    .map((warning) => ({ code: warning.code, line: warning.line, message: explainInventoryWarning(warning) }))
