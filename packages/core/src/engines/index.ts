import type { EngineId } from '../placement/verdict.ts'
import type { Engine } from './engine.ts'
import { llamaCpp } from './llama-cpp.ts'

export const engines = { 'llama.cpp': llamaCpp } as const satisfies Record<EngineId, Engine>
