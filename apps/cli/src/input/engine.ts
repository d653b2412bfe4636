import { type Engine, type EngineId, engineOf, versionsOf } from '@berth/core'
import { Failure } from '../failure.ts'

export interface EngineOptions {
  readonly engine: EngineId
  readonly engineVersion?: string
}

/** The engine at the version that was named, or the current one. */
export function readEngine({ engine, engineVersion }: EngineOptions): Engine {
  const found = engineOf(engine, engineVersion)
  if (found) return found
  const known = versionsOf(engine).map(({ version }) => version)
  throw new Failure(`--engine-version: ${engine} is described as ${known.join(', ')}`)
}
