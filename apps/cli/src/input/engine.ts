import { type AnyEngine, type AnyEngineId, anyEngineOf, anyVersionsOf, type Engine, isExl2Engine } from '@berth/core'
import { Failure } from '../failure.ts'

export interface EngineOptions {
  readonly engine: AnyEngineId
  readonly engineVersion?: string
}

/** The engine at the version that was named, or the current one. */
export function readEngine({ engine, engineVersion }: EngineOptions): AnyEngine {
  const found = anyEngineOf(engine, engineVersion)
  if (found) return found
  const known = anyVersionsOf(engine).map(({ version }) => version)
  throw new Failure(`--engine-version: ${engine} is described as ${known.join(', ')}`)
}

/** The engine of a question that is answered for GGUF files only. */
export function readFileEngine(options: EngineOptions, asked: string): Engine {
  const engine = readEngine(options)
  if (isExl2Engine(engine)) throw new Failure(`${asked}: engines of GGUF files only, and ${engine.id} reads none`)
  return engine
}
