import type { Context } from './context.ts'
import type { Queries } from './db.ts'
import { touchMachines } from './reserved-memory/repository.ts'
import { lockTeam } from './team/repository.ts'

/** Long enough for the largest import, a thousand machines, on a slow disk. */
const TRANSACTION_MS = 60_000
const WAIT_MS = 10_000

/**
 * Everything in `work` takes effect, or nothing does. Its first statement touches the team's row, so that two changes
 * of one team follow each other: what one reads, the other does not change before it writes.
 */
export const inTransaction = <Value>(
  { services, teamId }: Asking,
  work: (db: Queries) => Promise<Value>,
): Promise<Value> =>
  services.database.client.$transaction(async (db) => {
    await lockTeam(db, teamId)
    return work(db)
  }, LIMITS)

/**
 * The same for what reserves memory on these machines: its first statements touch their rows and no other, so that two
 * reservations of one machine follow each other, in all processes, and those of two machines do not.
 */
export const onMachines = <Value>(
  { services, teamId }: Asking,
  ids: readonly string[],
  work: (db: Queries) => Promise<Value>,
): Promise<Value> =>
  services.database.client.$transaction(async (db) => {
    await touchMachines(db, teamId, ids)
    return work(db)
  }, LIMITS)

type Asking = Pick<Context, 'services' | 'teamId'>

const LIMITS = { maxWait: WAIT_MS, timeout: TRANSACTION_MS } as const
