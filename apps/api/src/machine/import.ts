import type { Machine } from '@berth/core'
import { explainInventoryIssue, explainInventoryWarning, type InventoryReading, readInventory } from '@berth/inventory'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { Queries } from '../db.ts'
import { ApiError } from '../errors.ts'
import { isPlainText } from '../schema-parts.ts'
import { inTransaction } from '../transaction.ts'
import { type Match, matchMachines, observedMachines } from './match.ts'
import { createMachine, findMachine, knownMachines, markRead, replaceMachine, type SourceText } from './repository.ts'
import type { importMachinesInput, importOutput, MachineView, previewOutput, reportOutput } from './schema.ts'
import { markUsed } from '../token/repository.ts'
import type { ReportingToken } from '../token/require-token.ts'

type Input = z.output<typeof importMachinesInput>

/** Who brings a machine up to date: a person who imports, or a collector that reports by a token. */
export type Source = { readonly kind: 'import' } | { readonly kind: 'report'; readonly tokenName: string }

interface Saved {
  readonly machine: MachineView
  readonly change: 'new' | 'changed' | 'measured' | 'unchanged'
}

/** What an import of this text would do, with nothing saved. */
export async function previewImport(ctx: Context, input: Input): Promise<z.input<typeof previewOutput>> {
  const reading = read(input)
  const matches = await matchStored(ctx.services.database.client, ctx.teamId, reading)
  return {
    machines: matches.map(({ machine, change, existing, differences }) => ({
      machine,
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
    for (const match of matches) {
      const readAt = lookedAt(reading, match.machine.name) ?? new Date()
      const { machine, change } = await save(db, ctx.teamId, {
        ...{ match, text: { rawText: input.text, readAt } },
        source: { kind: 'import' },
      })
      saved.push({ machine, change: change === 'measured' ? ('changed' as const) : change })
    }
    return saved
  })
  return { machines, warnings: warningsOf(reading) }
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
  const { machine, change } = await inTransaction(ctx, async (db) => {
    const readAt = new Date()
    if (!(await markUsed(db, token, readAt))) throw tokenRevoked()
    const matches = await matchStored(db, ctx.teamId, reading)
    refuseTakenNames(matches)
    return save(db, ctx.teamId, {
      ...{ match: matches[0]!, text: { rawText, readAt, reportSeconds: report.everySeconds ?? null } },
      source: { kind: 'report', tokenName: token.name },
    })
  })
  return { machine: { id: machine.id, name: machine.name }, change, warnings: warningsOf(reading) }
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
  const partial = new Set(reading.collected.filter((one) => one.partial).map(({ hostName }) => hostName))
  return matchMachines([...reading.machines, ...observedMachines(reading, known)], known, partial)
}

function refuseTakenNames(matches: readonly Match[]): void {
  const names = matches.filter(({ change }) => change === 'name-taken').map(({ machine }) => machine.name)
  if (names.length === 0) return
  throw new ApiError('name-taken', `Other machines are called ${names.join(', ')}. Give a host name.`, {
    data: { names },
  })
}

interface Save {
  readonly match: Match
  readonly text: SourceText
  readonly source: Source
}

/** Whatever is read of a machine is stored here. A report of nothing but other use of memory is no change. */
async function save(db: Queries, teamId: string, { match, text, source }: Save): Promise<Saved> {
  const { machine, missing, existing } = match
  if (existing === undefined) return { machine: await createMachine(db, teamId, { machine, text }), change: 'new' }
  const key = { teamId, id: existing.id }
  if (match.change === 'changed') {
    const counts = source.kind === 'import' || !match.onlyMeasured
    const replaced = await replaceMachine(db, key, { machine, missing, text, counts })
    return { machine: replaced, change: counts ? 'changed' : 'measured' }
  }
  await markRead(db, key, text)
  const stored = await findMachine(db, teamId, existing.id)
  if (stored === undefined) throw new ApiError('conflict', `${existing.name} was removed at the same time.`)
  return { machine: stored, change: 'unchanged' }
}

const warningsOf = ({ warnings }: InventoryReading) =>
  warnings.map((warning) => ({ code: warning.code, line: warning.line, message: explainInventoryWarning(warning) }))
