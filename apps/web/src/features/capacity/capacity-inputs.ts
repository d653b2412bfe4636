import { isMix, MIB, type Mix } from '@berth/core'
import {
  createSerializer,
  type inferParserType,
  parseAsBoolean,
  parseAsInteger,
  parseAsJson,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server'
import type { FileView, MachineView } from '../../trpc/types.ts'
import { readEngine } from '../plan/engine-choice.ts'
import type { ModelChoice } from '../plan/model-choice.ts'
import { inputLimits, type ModelRef, modelRefOf, usageParsers, usageRequestOf } from '../plan/plan-inputs.ts'
import { plannerPathFor } from '../plan/planner-path.ts'
import { isEditList } from './edit-list.ts'

/** What the lab is asked, in the order of the page. */
export const questions = ['hosts', 'largest', 'replicas', 'what-if', 'upgrades'] as const
export type Question = (typeof questions)[number]

/** The question and all of its inputs, as an address holds them. */
export const capacityParsers = {
  q: parseAsStringLiteral(questions).withDefault('hosts'),
  model: parseAsString,
  mix: parseAsString,
  /** Of one user; `-c` is that of all. */
  ctx: usageParsers.ctx,
  users: parseAsInteger.withDefault(1),
  ctk: usageParsers.ctk,
  ctv: usageParsers.ctv,
  fa: usageParsers.fa,
  kvu: usageParsers.kvu,
  engine: parseAsString.withDefault('llama.cpp'),
  /** Whether stored models count, and the mix in which those of the catalogue do; none of those when empty. */
  stored: parseAsBoolean.withDefault(true),
  cat: parseAsString.withDefault('Q4_K_M'),
  /** What makes one file larger than another. */
  by: parseAsStringLiteral(['weights', 'parameters'] as const).withDefault('weights'),
  machine: parseAsString,
  edits: parseAsJson((value: unknown) => (isEditList(value) ? value : null)).withDefault([]),
  /** Whether it counts as hosted with a part of it in host memory. */
  host: parseAsBoolean.withDefault(false),
} as const

export type CapacityInputs = inferParserType<typeof capacityParsers>
export type ChangeInputs = (change: Partial<CapacityInputs>) => void

export const writeCapacityInputs = createSerializer(capacityParsers)

/** Only engines of GGUF files answer here; another that an address names is llama.cpp. */
export function engineChoiceOf({ engine }: Pick<CapacityInputs, 'engine'>) {
  const choice = readEngine(engine)
  switch (choice.engine) {
    case 'exllamav2':
    case 'exllamav3':
    case 'tabbyapi':
      return { engine: 'llama.cpp' } as const
    default:
      return { ...choice, engine: choice.engine }
  }
}

/** As the planner's inputs say it: the context is that of all users together. */
export function usageOf({ ctx, users, ctk, ctv, fa, kvu }: CapacityInputs) {
  const np = Math.min(inputLimits.parallel.max, Math.max(1, Math.round(users)))
  const all = Math.min(inputLimits.contextLength.max, Math.max(inputLimits.contextLength.min, Math.round(ctx)) * np)
  return { ctx: all, np, ctk, ctv, fa, kvu, ub: usageParsers.ub.defaultValue }
}

/** What every question asks of the engine; the margin is left to be the team's. */
export function askedOf(inputs: CapacityInputs) {
  const { margin: _margin, ...request } = usageRequestOf(usageOf(inputs))
  return { ...engineChoiceOf(inputs), request }
}

/** The mix that models of the catalogue are taken in; undefined where none is. */
export const mixOf = ({ cat }: Pick<CapacityInputs, 'cat'>): Mix | undefined => (isMix(cat) ? cat : undefined)

/** The files that the inputs stand for: all stored ones, all of the catalogue that have the mix. */
export function filesOf(
  inputs: Pick<CapacityInputs, 'stored' | 'cat'>,
  choices: readonly ModelChoice[],
): readonly ModelRef[] {
  const mix = mixOf(inputs)
  return choices.flatMap(({ kind, id, format, mixes }) => {
    if (format !== 'gguf') return []
    if (kind === 'stored') return inputs.stored ? (modelRefOf({ model: id, mix: null }) ?? []) : []
    return mix !== undefined && mixes.includes(mix) ? (modelRefOf({ model: id, mix }) ?? []) : []
  })
}

/** The plan behind an answer: the same use, on one machine. */
export function planPathOf(
  inputs: CapacityInputs,
  ref: FileView['model'],
  { machine, margin }: { readonly machine: MachineView['id']; readonly margin: number },
): string {
  const model = ref.kind === 'stored' ? { model: ref.id, mix: null } : { model: ref.id, mix: ref.mix }
  const { ub: _ub, ...usage } = usageOf(inputs)
  return plannerPathFor({ ...model, ...usage, machine, engine: inputs.engine, margin: Math.round(margin / MIB) })
}
