import { catalogueHeader, findCatalogueModel } from '@berth/catalogue'
import { describeModel } from '@berth/core'
import { readModelFromBytes } from '@berth/gguf'
import { encodeGgufHeader } from '@berth/gguf/encode'
import type { Context } from '../context.ts'
import type { Queries } from '../db.ts'
import { listMachines } from '../machine/repository.ts'
import { addSampleLab } from '../machine/sample-lab.ts'
import { listModels, saveModel } from '../model/repository.ts'
import { createPlan, listPlans } from '../plan/repository.ts'
import { requestSchema } from '../plan/verdict-schema.ts'
import { inTransaction } from '../transaction.ts'
import { VERSION } from '../version.ts'

type Seed = (db: Queries, teamId: string) => Promise<void>

/** States of the database by name, for tests and for looking at the pages. */
export const scenarios = {
  empty: async () => {},
  'small-lab': async (db, teamId) => {
    const { machines } = await addSampleLab(db, { teamId, by: { source: 'seed', requestId: 'seed' } })
    const model = await seedModel(db, teamId)
    await createPlan(db, teamId, {
      name: 'Chat, 8k context',
      model: { kind: 'stored', id: model.id },
      machineId: machines[0]!.id,
      engine: 'llama.cpp',
      request: requestSchema.parse({ contextLength: 8192 }),
      savedVersion: VERSION,
      savedFits: true,
      snapshot: null,
    })
  },
} as const satisfies Record<string, Seed>

export type Scenario = keyof typeof scenarios

/** Puts the scenario into a team that has no machines, models or plans; another is left as it is. */
export const seed = (ctx: Pick<Context, 'services' | 'teamId'>, name: Scenario): Promise<boolean> =>
  inTransaction(ctx, async (db) => {
    const first = { limit: 1 }
    const pages = [
      await listMachines(db, ctx.teamId, first),
      await listModels(db, ctx.teamId, first),
      await listPlans(db, ctx.teamId, first),
    ]
    if (pages.some(({ items }) => items.length > 0)) return false
    await scenarios[name](db, ctx.teamId)
    return true
  })

async function seedModel(db: Queries, teamId: string) {
  const entry = findCatalogueModel('llama-3.3-70b')
  if (entry === undefined) throw new Error('The catalogue has no llama-3.3-70b.')
  const header = { ...catalogueHeader(entry, 'Q4_K_M'), trimmedArrayLengths: {} }
  const file = await readModelFromBytes(encodeGgufHeader(header), { fileName: 'Llama-3.3-70B-Instruct-Q4_K_M.gguf' })
  const described = describeModel(file.header)
  if (!described.ok) throw new Error(`The catalogue's header is ${described.issue.code}.`)
  return (await saveModel(db, teamId, { kind: 'file', file, model: described.value })).model
}
