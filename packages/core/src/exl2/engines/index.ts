import type { AnyEngineId, Exl2EngineId } from '../../placement/verdict.ts'
import type { Exl2Engine } from './exl2-engine.ts'
import { exllamav2 } from './exllamav2.ts'
import { exllamav3 } from './exllamav3.ts'
import { tabbyapi } from './tabbyapi.ts'

/** Every engine that runs EXL2 or EXL3 folders. */
export const exl2Engines = { exllamav2, exllamav3, tabbyapi } as const satisfies Record<Exl2EngineId, Exl2Engine>

export const isExl2EngineId = (id: AnyEngineId): id is Exl2EngineId => Object.hasOwn(exl2Engines, id)
