import type { UnknownId } from '../solution.ts'
import { cacheType } from './cache-type.ts'
import { context } from './context.ts'
import { mix } from './mix.ts'
import { slots } from './slots.ts'
import type { Unknown } from './unknown.ts'

export const unknowns = { context, slots, 'cache-type': cacheType, mix } as const satisfies Record<UnknownId, Unknown>
