import type { Context } from './context.ts'
import type { Queries } from './db.ts'
import { lockTeam } from './team/repository.ts'

/** Long enough for the largest import, a thousand machines, on a slow disk. */
const TRANSACTION_MS = 60_000
const WAIT_MS = 10_000

/**
 * Everything in `work` takes effect, or nothing does. Its first statement touches the team's row, so that two changes
 * of one team follow each other: what one reads, the other does not change before it writes.
 */
export const inTransaction = <Value>(
  { services, teamId }: Pick<Context, 'services' | 'teamId'>,
  work: (db: Queries) => Promise<Value>,
): Promise<Value> =>
  services.database.client.$transaction(
    async (db) => {
      await lockTeam(db, teamId)
      return work(db)
    },
    { maxWait: WAIT_MS, timeout: TRANSACTION_MS },
  )
