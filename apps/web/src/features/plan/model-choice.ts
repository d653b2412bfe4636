import { catalogueSource, type ModelSource } from '@berth/core'
import type { ModelView } from '../../trpc/types.ts'

export type ModelFormat = ModelView['format']

/** One line of the model picker. */
export interface ModelChoice {
  readonly kind: 'stored' | 'catalogue'
  readonly format: ModelFormat
  readonly id: string
  readonly name: string
  /** Architecture, size, file: what tells two of one name apart. */
  readonly detail: string
  /** The mixes a catalogue model can be sized in; a stored model is what it is. */
  readonly mixes: readonly string[]
  /** Where an engine will find a stored model's file. */
  readonly source?: ModelSource
}

/** The mix most people run; of a model that has it not, the first it has. */
const USUAL_MIX = 'Q4_K_M'

/** The mix to plan a choice in: the one already chosen where the model has it. */
export function mixFor({ mixes }: ModelChoice, current: string | null): string | null {
  if (current !== null && mixes.includes(current)) return current
  return mixes.includes(USUAL_MIX) ? USUAL_MIX : (mixes[0] ?? null)
}

/** What an engine is told to load. */
export const sourceOf = ({ id, source }: ModelChoice, mix: string | null): ModelSource =>
  source ?? catalogueSource(id, mix ?? '')

/** Choices whose name or detail has every word of the search in it. */
export function matching(choices: readonly ModelChoice[], search: string): readonly ModelChoice[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return choices.filter(({ name, detail }) => {
    const text = `${name} ${detail}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
