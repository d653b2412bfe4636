import { type AnyHeader, bytes, type Bytes, modelId } from '@berth/core'
import { z } from 'zod'
import type { Queries } from '../db.ts'
import type { Model as ModelRow } from '../generated/sqlite/client.ts'
import { inParts } from '../db/in-parts.ts'
import { newId } from '../ids.ts'
import { afterCursor, mapPage, type Page, type PageAsked, pageOf } from '../page.ts'
import { placeOf, type ReadModel, recordOf } from './record.ts'
import { modelView, type ModelView } from './schema.ts'
import { decodeStored } from './stored-header.ts'

type ListedRow = Omit<ModelRow, 'header'>

const { shards: shardsSchema, format: formatSchema } = modelView.shape

/** In the order of their making; headers are left in the database. */
export async function listModels(db: Queries, teamId: string, { limit, cursor }: PageAsked): Promise<Page<ModelView>> {
  const rows = await db.model.findMany({
    where: { teamId, ...afterCursor(cursor) },
    orderBy: { id: 'asc' },
    take: limit + 1,
    omit: { header: true },
  })
  return mapPage(pageOf(rows, limit), toView)
}

/** Models of these ids, or so many GGUF files of the team, in the order of their making; headers stay in the database. */
export async function findModels(
  db: Queries,
  teamId: string,
  { ids, limit }: { readonly ids?: readonly string[] | undefined; readonly limit: number },
): Promise<readonly ModelView[]> {
  const read = (where: { readonly format: string } | { readonly id: { in: string[] } }, take?: number) =>
    db.model.findMany({
      where: { teamId, ...where },
      orderBy: { id: 'asc' },
      ...(take !== undefined && { take }),
      omit: { header: true },
    })
  const rows = ids ? await inParts(ids, (part) => read({ id: { in: part } })) : await read({ format: 'gguf' }, limit)
  return rows.map(toView)
}

/** Headers by id; what is not there is missing. */
export async function findHeaders(
  db: Queries,
  teamId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AnyHeader>> {
  const rows = await inParts(ids, (part) =>
    db.model.findMany({
      where: { teamId, id: { in: part } },
      select: { id: true, format: true, header: true },
    }),
  )
  const headers = rows.map(
    async ({ id, format, header }) => [id, await decodeStored(formatSchema.parse(format), header)] as const,
  )
  return new Map(await Promise.all(headers))
}

/** Stored models that are no GGUF files. */
export const countOtherFormats = (db: Queries, teamId: string): Promise<number> =>
  db.model.count({ where: { teamId, format: { not: 'gguf' } } })

export interface StoredModel {
  readonly view: ModelView
  readonly header: AnyHeader
}

export async function findModel(db: Queries, teamId: string, id: string): Promise<StoredModel | undefined> {
  const row = await db.model.findUnique({ where: { teamId_id: { teamId, id } } })
  return row === null ? undefined : toStored(row)
}

/** As many as one model is commonly offered in. */
const MOST_OTHER_FILES = 24

type Likeness = Pick<ModelView, 'format' | 'architecture' | 'parameterCount'>

/** What is by its architecture and parameters the same model, in the same format. */
const sameModel = ({ format, architecture, parameterCount }: Likeness) => ({
  format,
  architecture,
  parameterCount: BigInt(parameterCount),
})

/** Stored files of one model, in the order of their making. */
export async function findFilesOf(db: Queries, teamId: string, model: Likeness): Promise<readonly StoredModel[]> {
  const rows = await db.model.findMany({
    where: { teamId, ...sameModel(model) },
    orderBy: { id: 'asc' },
    take: MOST_OTHER_FILES,
  })
  return Promise.all(rows.map(toStored))
}

/** Stored GGUF files, the largest first. */
export async function findFiles(db: Queries, teamId: string, limit: number): Promise<readonly StoredModel[]> {
  const rows = await db.model.findMany({
    where: { teamId, format: 'gguf' },
    orderBy: [{ weightBytes: 'desc' }, { id: 'asc' }],
    take: limit,
  })
  return Promise.all(rows.map(toStored))
}

/** The smaller stored files of what is by its architecture and parameters the same model, by name, the largest first. */
export async function findOtherFiles(
  db: Queries,
  teamId: string,
  { weightBytes, ...model }: Likeness & Pick<ModelView, 'weightBytes'>,
): Promise<readonly { readonly name: string; readonly header: AnyHeader }[]> {
  const smaller = { lt: BigInt(weightBytes) }
  const rows = await db.model.findMany({
    where: { teamId, ...sameModel(model), weightBytes: smaller },
    orderBy: [{ weightBytes: 'desc' }, { id: 'asc' }],
    take: MOST_OTHER_FILES,
    select: { fileName: true, header: true },
  })
  return Promise.all(
    rows.map(async ({ fileName, header }) => ({ name: fileName, header: await decodeStored(model.format, header) })),
  )
}

/** Saves a model once: the same header again only tells where it was found last. */
export async function saveModel(
  db: Queries,
  teamId: string,
  read: ReadModel,
): Promise<{ readonly model: ModelView; readonly created: boolean }> {
  const record = recordOf(read)
  const key = { teamId_sha256: { teamId, sha256: record.sha256 } }
  const id = newId()
  const row = await db.model.upsert({
    where: key,
    create: { teamId, id, ...record },
    update: placeOf(read),
    omit: { header: true },
  })
  return { model: toView(row), created: row.id === id }
}

export async function removeModel(db: Queries, teamId: string, id: string): Promise<boolean> {
  const { count } = await db.model.deleteMany({ where: { teamId, id } })
  return count > 0
}

async function toStored(row: ModelRow): Promise<StoredModel> {
  const view = toView(row)
  return { view, header: await decodeStored(view.format, row.header) }
}

const toView = (row: ListedRow): ModelView => ({
  id: modelId(row.id),
  format: formatSchema.parse(row.format),
  name: row.name,
  architecture: row.architecture,
  parameterCount: Number(row.parameterCount),
  weightBytes: size(row.weightBytes),
  blockCount: row.blockCount,
  contextLengthTrained: Number(row.contextLengthTrained),
  mainType: row.mainType,
  address: row.address,
  fileName: row.fileName,
  fileBytes: size(row.fileBytes),
  shards: shardsSchema.parse(z.json().parse(JSON.parse(row.shards))),
  sha256: row.sha256,
  revision: row.revision,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
})

const size = (column: bigint): Bytes => bytes(Number(column))
