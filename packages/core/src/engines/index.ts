import type { EngineId } from '../placement/verdict.ts'
import type { Engine } from './engine.ts'
import { koboldCpp } from './koboldcpp.ts'
import { llamaCpp } from './llama-cpp.ts'
import { llamafile } from './llamafile/llamafile.ts'
import { llamaSharp } from './llamasharp/llamasharp.ts'
import { ollama } from './ollama/ollama.ts'

/** Every engine that runs GGUF files, at the version that is planned for unless another is named. */
export const engines = {
  'llama.cpp': llamaCpp,
  llamafile,
  ollama,
  koboldcpp: koboldCpp,
  llamasharp: llamaSharp,
} as const satisfies Record<EngineId, Engine>

/** The versions of an engine, the current one first. */
export const versionsOf = (id: EngineId): readonly Engine[] => {
  const current: Engine = engines[id]
  return [current, ...(current.earlier ?? [])]
}

/** The engine at a version, at the current one where none is named; undefined for a version that is not described. */
export const engineOf = (id: EngineId, version?: string): Engine | undefined =>
  version === undefined ? engines[id] : versionsOf(id).find((engine) => engine.version === version)
