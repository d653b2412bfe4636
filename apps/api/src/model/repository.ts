import { bytes, type Bytes, type GgufHeader, type Model, modelId, type ModelId, tensorBytes } from '@berth/core'
import { decodeTrimmed, type ModelFile } from '@berth/gguf'
import { z } from 'zod'
import type { Queries } from '../db.ts'
import type { Model as ModelRow } from '../generated/sqlite/client.ts'
import { newId } from '../ids.ts'
import { modelView, type ModelView } from './schema.ts'

type ListedRow = Omit<ModelRow, 'header'>

const shardsSchema = modelView.shape.shards

/** In the order of their making; headers are left in the database. */
export async function listModels(
  db: Queries,
  teamId: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<{ items: ModelView[]; nextCursor: string | null }> {
  const rows = await db.model.findMany({
    where: { teamId, ...(cursor === undefined ? {} : { id: { gt: cursor } }) },
    orderBy: { id: 'asc' },
    take: limit + 1,
    omit: { header: true },
  })
  const page = rows.slice(0, limit)
  return { items: page.map(toView), nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
}

export async function findModel(
  db: Queries,
  teamId: string,
  id: string,
): Promise<{ readonly view: ModelView; readonly header: GgufHeader } | undefined> {
  const row = await db.model.findUnique({ where: { teamId_id: { teamId, id } } })
  return row === null ? undefined : { view: toView(row), header: await decodeTrimmed(row.header) }
}

/** As many as one model is commonly offered in. */
const MOST_OTHER_FILES = 24

type Likeness = Pick<ModelView, 'architecture' | 'parameterCount'>

/** What is by its architecture and parameters the same model. */
const sameModel = ({ architecture, parameterCount }: Likeness) => ({
  architecture,
  parameterCount: BigInt(parameterCount),
})

/** Stored files of one model, in the order of their making. */
export async function findFilesOf(db: Queries, teamId: string, model: Likeness): Promise<readonly ModelId[]> {
  const rows = await db.model.findMany({
    where: { teamId, ...sameModel(model) },
    orderBy: { id: 'asc' },
    take: MOST_OTHER_FILES,
    select: { id: true },
  })
  return rows.map(({ id }) => modelId(id))
}

/** The smaller stored files of what is by its architecture and parameters the same model, by name, the largest first. */
export async function findOtherFiles(
  db: Queries,
  teamId: string,
  { weightBytes, ...model }: Likeness & Pick<ModelView, 'weightBytes'>,
): Promise<readonly { readonly name: string; readonly header: GgufHeader }[]> {
  const smaller = { lt: BigInt(weightBytes) }
  const rows = await db.model.findMany({
    where: { teamId, ...sameModel(model), weightBytes: smaller },
    orderBy: [{ weightBytes: 'desc' }, { id: 'asc' }],
    take: MOST_OTHER_FILES,
    select: { fileName: true, header: true },
  })
  return Promise.all(
    rows.map(async ({ fileName, header }) => ({ name: fileName, header: await decodeTrimmed(header) })),
  )
}

/** Saves a model once: the same header again only tells where it was found last. */
export async function saveModel(
  db: Queries,
  teamId: string,
  { file, model }: { readonly file: ModelFile; readonly model: Model },
): Promise<{ readonly model: ModelView; readonly created: boolean }> {
  const key = { teamId_sha256: { teamId, sha256: file.sha256 } }
  const id = newId()
  const row = await db.model.upsert({
    where: key,
    create: { teamId, id, ...columns(file, model) },
    update: { address: storable(file.address), fileName: storable(file.fileName), shards: shardsOf(file) },
    omit: { header: true },
  })
  return { model: toView(row), created: row.id === id }
}

export async function removeModel(db: Queries, teamId: string, id: string): Promise<boolean> {
  const { count } = await db.model.deleteMany({ where: { teamId, id } })
  return count > 0
}

const columns = (file: ModelFile, model: Model) => ({
  sha256: file.sha256,
  header: Uint8Array.from(file.trimmed),
  address: storable(file.address),
  fileName: storable(file.fileName),
  fileBytes: BigInt(file.fileBytes),
  shards: shardsOf(file),
  architecture: storable(model.architecture),
  name: storable(model.name),
  parameterCount: BigInt(model.parameterCount),
  weightBytes: BigInt(model.weightBytes),
  blockCount: model.blockCount,
  contextLengthTrained: BigInt(model.contextLengthTrained),
  mainType: mainType(file.header),
})

const shardsOf = (file: ModelFile): string =>
  JSON.stringify(file.shards.map(({ name, bytes }) => ({ name: storable(name), bytes })))

/** Text out of a file: NUL cannot be stored, and control characters should not be shown. */
const storable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cs}]/gu, '\u{FFFD}').slice(0, 4096)

function mainType({ tensors }: GgufHeader): string {
  const byType = new Map<string, number>()
  for (const tensor of tensors) byType.set(tensor.type, (byType.get(tensor.type) ?? 0) + tensorBytes(tensor))
  return [...byType].reduce((most, entry) => (entry[1] > most[1] ? entry : most), ['f32', 0] as const)[0]
}

const toView = (row: ListedRow): ModelView => ({
  id: modelId(row.id),
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
