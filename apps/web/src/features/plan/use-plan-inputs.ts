'use client'

import { debounce, useQueryStates } from 'nuqs'
import { planParsers } from './plan-inputs.ts'

/** Browsers refuse more than about a hundred address changes in half a minute; the page itself changes at once. */
const ADDRESS_DELAY_MS = 250

/** How inputs that sliders move are written to the address. */
export const inputOptions = { history: 'replace', limitUrlUpdates: debounce(ADDRESS_DELAY_MS) } as const

export const usePlanInputs = () => useQueryStates(planParsers, inputOptions)
