import { type EngineId, engines } from '@berth/core'
import { engineFor, readEngine } from '../plan/engine-choice.ts'

/** The engine that a text names, where it reads GGUF files; the usual one else: a survey is of such files. */
export function ggufEngine(text: string): { readonly engine: EngineId; readonly engineVersion?: string } {
  const { engine, ...version } = readEngine(engineFor('gguf', text))
  return isGgufEngine(engine) ? { engine, ...version } : { engine: 'llama.cpp' }
}

const isGgufEngine = (id: string): id is EngineId => Object.hasOwn(engines, id)
