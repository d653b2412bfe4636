import { distinctHardware, filterMachines, gpuMemoryFree, gpuMemoryTotal, type MemoryBasis, onBasis } from '@berth/core'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import { ApiError, notFound } from '../errors.ts'
import { toFilter } from '../machine/filter-schema.ts'
import { findMachines, listMachines } from '../machine/repository.ts'
import type { MachineView } from '../machine/schema.ts'
import { countOtherFormats, findHeaders, findModels } from '../model/repository.ts'
import type { ModelView } from '../model/schema.ts'
import { catalogueEntry, catalogueMix } from '../plan/load-model.ts'
import type { ModelRef } from '../plan/schema.ts'
import type { Give, SurveyFile } from './pool.ts'
import type { GivenFile } from './question.ts'
import { type cellsInput, MAX_CELLS, MAX_FILES, MAX_MACHINES, type matrixInput, type matrixOutput } from './schema.ts'

type MatrixInput = z.output<typeof matrixInput>
type MatrixOutput = z.output<typeof matrixOutput>

/** A file before anything of it was read but what its row says. */
export interface ListedFile extends SurveyFile {
  readonly shown: Pick<MatrixOutput['files'][number], 'ref' | 'name' | 'modelName' | 'mix'>
}

export interface LoadedFiles {
  readonly files: readonly ListedFile[]
  readonly leftOut: number
  readonly give: Give
}

/** @throws {ApiError} `not-found`, `unknown-model`, `format-not-taken`, or `limit-exceeded` for too many stored ones. */
export async function loadFiles(
  ctx: Context,
  refs: readonly ModelRef[] | undefined,
  { folders = false }: { readonly folders?: boolean } = {},
): Promise<LoadedFiles> {
  const db = ctx.services.database.client
  const ids = refs?.flatMap((ref) => (ref.kind === 'stored' ? [ref.id] : []))
  const stored = await findModels(db, ctx.teamId, { ids, limit: MAX_FILES + 1 })
  if (stored.length > MAX_FILES) {
    throw new ApiError('limit-exceeded', `One call surveys ${MAX_FILES} files at most: name them in models.`, {
      data: { field: 'models', limit: MAX_FILES },
    })
  }
  const byId = new Map(stored.map((view) => [view.id as string, view]))
  const chosen = refs ?? stored.map(({ id }): ModelRef => ({ kind: 'stored', id }))
  const files = chosen.map((ref) => (ref.kind === 'stored' ? storedFile(ref, { byId, folders }) : catalogueFile(ref)))
  const leftOut = refs ? 0 : await countOtherFormats(db, ctx.teamId)
  return { files, leftOut, give: giver(ctx, files) }
}

interface Stored {
  readonly byId: ReadonlyMap<string, ModelView>
  /** Whether EXL2 and EXL3 folders are taken too. */
  readonly folders: boolean
}

function storedFile(ref: Extract<ModelRef, { kind: 'stored' }>, { byId, folders }: Stored): ListedFile {
  const view = byId.get(ref.id)
  if (!view) throw notFound('model', ref.id)
  if (view.format !== 'gguf' && !folders) {
    throw new ApiError('format-not-taken', `${view.name} is a folder of ExLlama; only GGUF files are taken here.`, {
      data: { name: view.name },
    })
  }
  return {
    ...{ key: view.sha256, lane: `${view.architecture} ${view.parameterCount}` },
    shown: { ref, name: view.fileName, modelName: view.name, mix: view.mainType },
  }
}

function catalogueFile(ref: Extract<ModelRef, { kind: 'catalogue' }>): ListedFile {
  const entry = catalogueEntry(ref.id)
  const mix = catalogueMix(entry, ref.mix)
  return {
    ...{ key: `${ref.id} ${mix}`, lane: ref.id },
    shown: { ref, name: `${entry.name} ${mix}`, modelName: entry.name, mix },
  }
}

/** Headers are left in the database until a thread asks for them. */
const giver =
  (ctx: Context, files: readonly ListedFile[]): Give =>
  async (keys) => {
    const asked = new Set(keys)
    const wanted = files.filter(({ key }) => asked.has(key))
    const refs = wanted.flatMap(({ shown: { ref } }) => (ref.kind === 'stored' ? [ref.id] : []))
    const headers = await findHeaders(ctx.services.database.client, ctx.teamId, refs)
    return new Map(
      wanted.map(({ key, shown: { ref } }): readonly [string, GivenFile] => {
        if (ref.kind === 'stored') return [key, { kind: 'header', header: required(headers.get(ref.id), ref.id) }]
        return [key, { kind: 'catalogue', id: ref.id, mix: catalogueMix(catalogueEntry(ref.id), ref.mix) }]
      }),
    )
  }

/** It may have been removed since it was listed. */
function required<Value>(value: Value | undefined, id: string): Value {
  if (value === undefined) throw notFound('model', id)
  return value
}

/** Read in pages, each by one statement, so that other requests are served between them. */
const PAGE = 200

/** @throws {ApiError} `not-found` for an id that is not there, or `limit-exceeded`. */
export async function loadMachines(
  ctx: Context,
  { machineIds, machines: filter }: Pick<MatrixInput, 'machineIds' | 'machines'>,
): Promise<readonly MachineView[]> {
  const db = ctx.services.database.client
  const named = machineIds && new Set<string>(machineIds)
  const found: MachineView[] = []
  let cursor: string | undefined
  do {
    const { items, nextCursor } = await listMachines(db, ctx.teamId, { limit: PAGE, cursor })
    found.push(...items.filter(({ id, maintenance }) => (named ? named.has(id) : maintenance === null)))
    cursor = nextCursor ?? undefined
  } while (cursor !== undefined)
  const there = new Set(found.map(({ id }) => id))
  const missing = machineIds?.find((id) => !there.has(id))
  if (missing !== undefined) throw notFound('machine', missing)
  const passing = filter ? filterMachines(found, toFilter(filter)) : found
  if (passing.length <= MAX_MACHINES) return passing
  throw new ApiError('limit-exceeded', `One call surveys ${MAX_MACHINES} machines at most: choose them by a filter.`, {
    data: { field: 'machines', limit: MAX_MACHINES },
  })
}

/** @throws {ApiError} `not-found` */
export async function namedMachines(
  ctx: Context,
  { machineIds, memory }: Pick<z.output<typeof cellsInput>, 'machineIds' | 'memory'>,
) {
  const db = ctx.services.database.client
  const found = await findMachines(db, ctx.teamId, { ids: machineIds, limit: machineIds.length })
  return machineIds.map((id) => {
    const machine = found.find((one) => one.id === id)
    return onBasis(required(machine, id), memory)
  })
}

/** @throws {ApiError} `limit-exceeded` for more cells than an answer holds. */
export function hardwareOf(
  machines: readonly MachineView[],
  { memory, files }: { readonly memory: MemoryBasis; readonly files: number },
) {
  const hardware = distinctHardware(machines.map((machine) => onBasis(machine, memory)))
  const cells = hardware.length * files
  if (cells > MAX_CELLS) {
    const message = `One answer holds ${MAX_CELLS} cells at most, and these are ${cells}: name fewer models or machines.`
    throw new ApiError('limit-exceeded', message, { data: { field: 'models', limit: MAX_CELLS } })
  }
  return {
    representatives: hardware.map(({ machine }) => machine),
    hardware: hardware.map(({ machine, machines: positions }) => ({
      machines: positions.map((at) => ({ id: machines[at]!.id, name: machines[at]!.name })),
      devices: machine.devices.map(({ name, memoryTotal }) => ({ name, memoryTotal })),
      memoryTotal: gpuMemoryTotal(machine),
      memoryFree: memory === 'empty' ? gpuMemoryTotal(machine) : (gpuMemoryFree(machine) ?? null),
    })),
  }
}
