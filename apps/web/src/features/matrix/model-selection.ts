import { isMix, modelId } from '@berth/core'
import type { ModelChoice } from '../plan/model-choice.ts'
import type { ModelRef } from '../plan/plan-inputs.ts'

/** One model of a matrix; of the catalogue in several mixes, each a file. */
export interface ChosenModel {
  readonly id: string
  /** Empty for a stored model, which is what it is. */
  readonly mixes: readonly string[]
}

export interface ModelSelection {
  /** Every stored model, also those that come later. */
  readonly allStored: boolean
  readonly models: readonly ChosenModel[]
}

const ALL_STORED = 'stored'

/** `stored,a1b2,llama-3.3-70b@Q4_K_M@Q8_0`: what cannot be read names no model, and is left out where models are looked up. */
export function readSelection(text: string): ModelSelection {
  const parts = [...new Set(text.split(',').filter(Boolean))]
  return {
    allStored: parts.includes(ALL_STORED),
    models: parts
      .filter((part) => part !== ALL_STORED)
      .map((part) => {
        const [id = '', ...mixes] = part.split('@')
        return { id, mixes: [...new Set(mixes)].filter(isMix) }
      }),
  }
}

export const writeSelection = ({ allStored, models }: ModelSelection): string =>
  [...(allStored ? [ALL_STORED] : []), ...models.map(({ id, mixes }) => [id, ...mixes].join('@'))].join(',')

/** Models that stand for their sizes, largest first, and the mixes that most people run. */
const standIns = [
  'llama-3.3-70b',
  'qwen2.5-72b',
  'qwen3-32b',
  'qwen3-30b-a3b-2507',
  'gemma-3-27b',
  'llama-3.1-8b',
  'qwen3-8b',
] as const
const usualMixes = ['Q4_K_M', 'Q8_0'] as const

/** What is shown before anybody has chosen: what is stored, or else stand-ins, so that the page has an answer. */
export function firstSelection(choices: readonly ModelChoice[]): ModelSelection {
  if (choices.some(({ kind }) => kind === 'stored')) return { allStored: true, models: [] }
  const known = new Set(choices.map(({ id }) => id))
  return {
    allStored: false,
    models: standIns.filter((id) => known.has(id)).map((id) => ({ id, mixes: usualMixes })),
  }
}

/** The files that a selection stands for, as far as they exist, in its order. */
export function refsOf({ allStored, models }: ModelSelection, choices: readonly ModelChoice[]): readonly ModelRef[] {
  const stored = choices.filter(({ kind }) => kind === 'stored').map(({ id }) => id)
  const named = models.flatMap(({ id, mixes }): readonly ModelRef[] =>
    mixes.length === 0
      ? stored.includes(id) && !allStored
        ? [{ kind: 'stored', id: modelId(id) }]
        : []
      : mixesOf(choices, id, mixes),
  )
  return [...(allStored ? stored.map((id) => ({ kind: 'stored' as const, id: modelId(id) })) : []), ...named]
}

function mixesOf(choices: readonly ModelChoice[], id: string, mixes: readonly string[]): readonly ModelRef[] {
  const model = choices.find((choice) => choice.kind === 'catalogue' && choice.id === id)
  return mixes
    .filter(isMix)
    .filter((mix) => model?.mixes.includes(mix))
    .map((mix) => ({ kind: 'catalogue', id, mix }))
}

/** Takes a model in, in the usual mixes that it has, or leaves it out. */
export function withModel(selection: ModelSelection, choice: ModelChoice, chosen: boolean): ModelSelection {
  const rest = selection.models.filter(({ id }) => id !== choice.id)
  if (!chosen) return { ...selection, models: rest }
  const usual = usualMixes.filter((mix) => choice.mixes.includes(mix))
  const mixes = usual.length > 0 ? usual : choice.mixes.slice(0, 1)
  return { ...selection, models: [...rest, { id: choice.id, mixes: choice.kind === 'stored' ? [] : mixes }] }
}

/** Takes a mix in or leaves it out; a model without its last mix is left out. */
export function toggledMix(selection: ModelSelection, { id, mixes: all }: ModelChoice, mix: string): ModelSelection {
  const models = selection.models.map((model) => {
    if (model.id !== id) return model
    const wanted = model.mixes.includes(mix) ? model.mixes.filter((one) => one !== mix) : [...model.mixes, mix]
    return { id, mixes: all.filter((one) => wanted.includes(one)) }
  })
  return { ...selection, models: models.filter((model) => model.id !== id || model.mixes.length > 0) }
}
