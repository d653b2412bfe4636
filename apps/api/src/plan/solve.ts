import { catalogueHeader, findCatalogueModel } from '@berth/catalogue'
import {
  explainSolution,
  type GgufHeader,
  type Mix,
  type MixCandidate,
  type Model,
  mixOf,
  solve,
  type UnknownId,
} from '@berth/core'
import type { MachineView } from '../machine/schema.ts'
import { described, describedQuestion, judgeOn, type Question } from './judge.ts'
import { judgedMachine } from './judged-machine.ts'
import type { ModelRef } from './schema.ts'
import type { SolveResult } from './solve-schema.ts'
import { engineFor, type GgufEngineChoice } from './verdict-schema.ts'

/** A file that may be chosen; a catalogue's header is made where it is looked at. */
export interface Candidate extends Pick<Question, 'source'> {
  readonly ref: ModelRef
  /** Told apart by it, and shown. */
  readonly name: string
  readonly file: { readonly header: GgufHeader } | { readonly catalogueId: string; readonly mix: Mix }
}

export interface SolveQuestion extends Omit<Question, keyof GgufEngineChoice | 'header'>, GgufEngineChoice {
  readonly header: GgufHeader
  readonly unknown: UnknownId
  readonly candidates: readonly Candidate[]
}

/** Solves on one machine after the other, and plans with what was found. */
export function* solveEach(
  question: SolveQuestion,
  machines: readonly MachineView[],
): Generator<SolveResult, void, void> {
  const { unknown, request } = question
  const engine = engineFor(question)
  const model = described(question.header)
  const asked = describedQuestion(question, model)
  const files = question.candidates.map((candidate) => ({ candidate, ...toMixCandidate(candidate) }))
  for (const machine of machines) {
    const solution = solve({ model, machine, engine, request, unknown, candidates: files })
    const where = { machine: judgedMachine(machine) }
    const found = { ...where, solution, explanation: explainSolution(solution, machine) }
    if (!solution.solved) {
      yield found
      continue
    }
    const { value } = solution
    const chosen = value.unknown === 'mix' ? files.find(({ id }) => id === value.candidate) : undefined
    const file = chosen && { model: chosen.model(), source: chosen.candidate.source }
    // The plan of what was found: the best placement by all that is compared, and its command.
    const plan = judgeOn(machine, { ...asked, request: solution.request, ...file })
    yield { ...found, plan, ...(chosen && { model: chosen.candidate.ref }) }
  }
}

function toMixCandidate(candidate: Candidate): MixCandidate {
  const { name, file } = candidate
  const mix = 'mix' in file ? file.mix : mixOf(file.header)
  let known: Model | undefined
  return { id: name, model: () => (known ??= described(headerOf(candidate))), ...(mix && { mix }) }
}

export function headerOf({ file }: Candidate): GgufHeader {
  if ('header' in file) return file.header
  const entry = findCatalogueModel(file.catalogueId)
  if (!entry) throw new Error(`the catalogue has no ${file.catalogueId}`)
  return catalogueHeader(entry, file.mix)
}
