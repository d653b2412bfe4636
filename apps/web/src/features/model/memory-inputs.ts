import { type RunRequest, type TypicalCapability, typicalCards } from '@berth/core'
import { type inferParserType, parseAsStringLiteral } from 'nuqs/server'
import { usageParsers, usageRequestOf } from '../plan/plan-inputs.ts'

const capabilities = typicalCards.map(({ capability }) => capability)

/** What the memory of a model is asked for: a use, and the compute capability of the card, in the address of its page. */
export const memoryParsers = {
  ...usageParsers,
  cc: parseAsStringLiteral(capabilities).withDefault('8.6'),
} as const

export type MemoryInputs = inferParserType<typeof memoryParsers>

export interface MemoryRequest {
  readonly request: RunRequest
  readonly capability: TypicalCapability
}

export const memoryRequestOf = (inputs: MemoryInputs): MemoryRequest => ({
  request: usageRequestOf(inputs),
  capability: inputs.cc,
})
