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
import { described, judgeEach, type Question } from './judge.ts'
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
  const candidates = question.candidates.map(toMixCandidate)
  for (const machine of machines) {
    const solution = solve({ model, machine, engine, request, unknown, candidates })
    const where = { machine: judgedMachine(machine) }
    const found = { ...where, solution, explanation: explainSolution(solution, machine) }
    yield solution.solved
      ? { ...found, ...planned({ ...question, request: solution.request }, machine, solution) }
      : found
  }
}

/** The plan of what was found: the best placement by all that is compared, and its command. */
function planned(
  question: SolveQuestion,
  machine: MachineView,
  { value }: Extract<SolveResult['solution'], { solved: true }>,
): Pick<SolveResult, 'plan' | 'model'> {
  const chosen = value.unknown === 'mix' ? question.candidates.find(({ name }) => name === value.candidate) : undefined
  const file = chosen ? { header: headerOf(chosen), source: chosen.source } : {}
  const [plan] = judgeEach({ ...question, ...file }, [machine])
  return { ...(plan && { plan }), ...(chosen && { model: chosen.ref }) }
}

function toMixCandidate(candidate: Candidate): MixCandidate {
  const { name, file } = candidate
  const mix = 'mix' in file ? file.mix : mixOf(file.header)
  let known: Model | undefined
  return { id: name, model: () => (known ??= described(headerOf(candidate))), ...(mix && { mix }) }
}

function headerOf({ file }: Candidate): GgufHeader {
  if ('header' in file) return file.header
  const entry = findCatalogueModel(file.catalogueId)
  if (!entry) throw new Error(`the catalogue has no ${file.catalogueId}`)
  return catalogueHeader(entry, file.mix)
}
