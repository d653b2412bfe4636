import { type Inventory, machineId, type PlaceBytes, type RunRequest } from '@berth/core'
import type { Queries } from '../db.ts'
import type { Machine as MachineRow, Plan as PlanRow } from '../generated/sqlite/client.ts'
import { newId } from '../ids.ts'
import { afterCursor, mapPage, type Page, type PageAsked, pageOf } from '../page.ts'
import { toMaintenance } from '../machine/rows.ts'
import type { Maintenance } from '../machine/schema.ts'
import { type ModelRef, modelRefSchema, type PlanChoices, planChoices } from './schema.ts'
import { inventorySchema, placeBytesSchema } from './snapshot-schema.ts'
import { engineSchema, requestSchema } from './verdict-schema.ts'

/** A saved plan's inputs, and the names of what they refer to. */
export interface StoredPlan extends PlanChoices {
  readonly id: string
  readonly name: string
  readonly model: ModelRef
  /** Of a stored model. */
  readonly storedModelName: string | undefined
  readonly machineId: ReturnType<typeof machineId>
  readonly machineName: string
  readonly machineMaintenance: Maintenance
  readonly engine: ReturnType<typeof engineSchema.parse>
  readonly request: RunRequest
  readonly savedVersion: string
  readonly savedFits: boolean
  readonly snapshot: Snapshot | null
  readonly revision: number
  readonly createdAt: string
  readonly updatedAt: string
}

/** What a plan that fitted relied on when it was saved, and what it needed. */
export interface Snapshot {
  readonly inventory: Inventory
  readonly memory: readonly PlaceBytes[]
}

export type NewPlan = Pick<
  StoredPlan,
  'name' | 'model' | 'machineId' | 'engine' | 'request' | 'savedVersion' | 'savedFits' | 'snapshot' | keyof PlanChoices
>

export interface PlanFilter {
  readonly machineIds?: readonly string[]
  readonly modelIds?: readonly string[]
}

const withNames = {
  machine: { select: { name: true, maintenanceSince: true, maintenanceNote: true } },
  storedModel: { select: { name: true } },
} as const

type Row = PlanRow & {
  readonly machine: Pick<MachineRow, 'name' | 'maintenanceSince' | 'maintenanceNote'>
  readonly storedModel: { readonly name: string } | null
}

export async function listPlans(db: Queries, teamId: string, { limit, cursor }: PageAsked): Promise<Page<StoredPlan>> {
  const rows = await db.plan.findMany({
    where: { teamId, ...afterCursor(cursor) },
    orderBy: { id: 'asc' },
    take: limit + 1,
    include: withNames,
  })
  return mapPage(pageOf(rows, limit), toPlan)
}

export async function findPlan(db: Queries, teamId: string, id: string): Promise<StoredPlan | undefined> {
  const row = await db.plan.findUnique({ where: { teamId_id: { teamId, id } }, include: withNames })
  return row === null ? undefined : toPlan(row)
}

export async function createPlan(db: Queries, teamId: string, plan: NewPlan): Promise<StoredPlan> {
  const row = await db.plan.create({
    data: {
      teamId,
      id: newId(),
      name: plan.name,
      modelRef: JSON.stringify(plan.model),
      storedModelId: plan.model.kind === 'stored' ? plan.model.id : null,
      machineId: plan.machineId,
      engine: plan.engine,
      request: JSON.stringify(plan.request),
      choices: JSON.stringify(planChoices.parse(plan)),
      savedVersion: plan.savedVersion,
      savedFits: plan.savedFits,
      savedInventory: plan.snapshot && JSON.stringify(plan.snapshot.inventory),
      savedMemory: plan.snapshot && JSON.stringify(plan.snapshot.memory),
    },
    include: withNames,
  })
  return toPlan(row)
}

/** A plan with what it relied on, for comparing it with what its machine is now. */
export interface SnapshotOfPlan extends Pick<StoredPlan, 'id' | 'name' | 'machineId'> {
  readonly snapshot: Snapshot
}

/** Every plan that kept what it relied on, or those on one machine; in the order of their making. */
export async function snapshotsOfPlans(
  db: Queries,
  teamId: string,
  onMachine?: string,
): Promise<readonly SnapshotOfPlan[]> {
  const rows = await db.plan.findMany({
    where: { teamId, savedInventory: { not: null }, ...(onMachine !== undefined && { machineId: onMachine }) },
    select: { id: true, name: true, machineId: true, savedInventory: true, savedMemory: true },
    orderBy: { id: 'asc' },
  })
  return rows.flatMap((row) => {
    const snapshot = toSnapshot(row)
    return snapshot ? [{ id: row.id, name: row.name, machineId: machineId(row.machineId), snapshot }] : []
  })
}

export async function removePlan(db: Queries, teamId: string, id: string): Promise<boolean> {
  const { count } = await db.plan.deleteMany({ where: { teamId, id } })
  return count > 0
}

/** The plans on any of these machines or with any of these models. */
export const plansOn = (
  db: Queries,
  teamId: string,
  filter: PlanFilter,
): Promise<readonly { readonly id: string; readonly name: string }[]> =>
  db.plan.findMany({
    where: { teamId, ...conditions(filter) },
    select: { id: true, name: true },
    orderBy: { id: 'asc' },
  })

/** By their ids; those that are gone are left out. */
export async function planNames(
  db: Queries,
  teamId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.plan.findMany({ where: { teamId, id: { in: [...ids] } }, select: { id: true, name: true } })
  return new Map(rows.map(({ id, name }) => [id, name]))
}

export async function removePlansOn(db: Queries, teamId: string, filter: PlanFilter): Promise<number> {
  const { count } = await db.plan.deleteMany({ where: { teamId, ...conditions(filter) } })
  return count
}

/** A model that room is left for is named within the choices; ids are too random to be found by accident. */
const conditions = ({ machineIds = [], modelIds = [] }: PlanFilter) => ({
  OR: [
    { machineId: { in: [...machineIds] } },
    { storedModelId: { in: [...modelIds] } },
    ...modelIds.map((id) => ({ choices: { contains: JSON.stringify(id) } })),
  ],
})

const toPlan = (row: Row): StoredPlan => ({
  id: row.id,
  name: row.name,
  model: modelRefSchema.parse(JSON.parse(row.modelRef)),
  storedModelName: row.storedModel?.name,
  machineId: machineId(row.machineId),
  machineName: row.machine.name,
  machineMaintenance: toMaintenance(row.machine),
  engine: engineSchema.parse(row.engine),
  request: requestSchema.parse(JSON.parse(row.request)),
  ...planChoices.parse(JSON.parse(row.choices)),
  savedVersion: row.savedVersion,
  savedFits: row.savedFits,
  snapshot: toSnapshot(row),
  revision: row.revision,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
})

const toSnapshot = ({
  savedInventory: inventory,
  savedMemory: memory,
}: Pick<PlanRow, 'savedInventory' | 'savedMemory'>): Snapshot | null =>
  inventory === null || memory === null
    ? null
    : { inventory: inventorySchema.parse(JSON.parse(inventory)), memory: placeBytesSchema.parse(JSON.parse(memory)) }
