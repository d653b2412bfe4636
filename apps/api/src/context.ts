import type { FastifyBaseLogger } from 'fastify'
import type { OpenDatabase } from './db.ts'
import type { MatrixPool } from './matrix/pool.ts'
import type { ModelReader } from './model/reader.ts'
import type { PackingPool } from './packing/pool.ts'
import type { JudgePool } from './plan/judge-pool.ts'

/** What a procedure may reach: I/O is handed in, never reached for. */
export interface Services extends Omit<JudgePool, 'close'>, Omit<PackingPool, 'close'>, Omit<MatrixPool, 'close'> {
  readonly database: OpenDatabase
  readonly readModel: ModelReader
}

export interface Context {
  readonly services: Services
  /** Every row is of one team. There are no accounts yet, and one team. */
  readonly teamId: string
  readonly requestId: string
  /** The pages talk to tRPC, scripts to the API. */
  readonly via: 'page' | 'api'
  /** Counts an import of this client; false when it has had its share of the minute. */
  readonly mayImport: () => Promise<boolean>
  readonly log: FastifyBaseLogger
}
