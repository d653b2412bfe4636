import type { FastifyBaseLogger } from 'fastify'
import type { OpenDatabase } from './db.ts'
import type { ModelReader } from './model/reader.ts'
import type { JudgeMachines, JudgeTogether } from './plan/judge-pool.ts'

/** What a procedure may reach: I/O is handed in, never reached for. */
export interface Services {
  readonly database: OpenDatabase
  readonly readModel: ModelReader
  readonly judge: JudgeMachines
  readonly judgeTogether: JudgeTogether
}

export interface Context {
  readonly services: Services
  /** Every row is of one team. There are no accounts yet, and one team. */
  readonly teamId: string
  readonly requestId: string
  /** Counts an import of this client; false when it has had its share of the minute. */
  readonly mayImport: () => Promise<boolean>
  readonly log: FastifyBaseLogger
}
