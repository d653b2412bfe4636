import {
  type AnyAlternative,
  type AnyEngine,
  type AnyHeader,
  type AnyModel,
  type AnyPlanInput,
  compareWithAlone,
  describeAny,
  describeModel,
  engineAlone,
  estimateSpeed,
  explainAlone,
  explainDescribeIssue,
  explainCost,
  explainMachineWarning,
  explainOwnChoice,
  explainReason,
  explainRemedy,
  explainSpeed,
  type GgufHeader,
  isExl2Engine,
  isExl2Model,
  type LayerSplit,
  type Machine,
  type Model,
  type ModelSource,
  type PlanInput,
  type Placement,
  placementWarnings,
  planModel,
  type PreferenceId,
  type RunRequest,
  startOf,
  type Tenant,
  type Verdict,
} from '@berth/core'
import type { MachineView } from '../machine/schema.ts'
import { describeAlternatives, type OtherFiles } from './alternatives.ts'
import { judgedMachine } from './judged-machine.ts'
import type { PlanResult } from './schema.ts'
import { type EngineChoice, engineFor } from './verdict-schema.ts'

/** What machines are judged for; it survives being sent to another thread. */
export interface Question extends EngineChoice {
  readonly header: AnyHeader
  /** What the engine is told to load. */
  readonly source: ModelSource
  readonly request: RunRequest
  readonly preference?: PreferenceId
  /** Whom `room-for-another` leaves room for. */
  readonly other?: { readonly header: GgufHeader; readonly request: RunRequest }
  /** Other files of the model, for the remedy of a smaller one. */
  readonly otherFiles?: OtherFiles
  /** Made by hand: judged instead of a plan. */
  readonly split?: LayerSplit
  /** Whether to say as well what the engine would do left alone. */
  readonly engineAlone?: boolean
}

/** A question whose models are described, which costs more than many a plan: once for all machines. */
export interface DescribedQuestion
  extends Pick<Question, 'source' | 'engineAlone'>, Omit<AnyPlanInput, 'machine' | 'used' | 'hostUsed'> {}

/** @param model the one that the header describes, where that was done before */
export function describedQuestion(question: Question, model = describedAny(question.header)): DescribedQuestion {
  const { source, request, preference, other, otherFiles, split, engineAlone: alone } = question
  const engine = engineFor(question)
  const tenant = tenantOf(other, engine)
  let known: readonly AnyAlternative[] | undefined
  return {
    ...{ model, engine, request, source },
    ...(alone !== undefined && { engineAlone: alone }),
    ...(preference && { preference }),
    ...(tenant && { other: tenant }),
    ...(otherFiles && { alternatives: () => (known ??= describeAlternatives(otherFiles)) }),
    ...(split && { split }),
  }
}

/** Answers one machine after the other, when asked for the next: one can take seconds. */
export function* judgeEach(question: Question, machines: readonly MachineView[]): Generator<PlanResult, void, void> {
  const asked = describedQuestion(question)
  for (const machine of machines) yield judgeOn(machine, asked)
}

export function judgeOn(machine: MachineView, { source, engineAlone: alone, ...asked }: DescribedQuestion): PlanResult {
  const input: AnyPlanInput = { ...asked, machine }
  const verdict: Verdict = planModel(input)
  const where = { machine: judgedMachine(machine), ...(alone && besideAny(input, verdict)) }
  if (!verdict.fits) return { ...where, ...verdict, explanation: explain(verdict, machine) }
  const launch = startOf(asked.engine, { placement: verdict.best, machine, source })
  const account = accountOf(input, verdict.best)
  return { ...where, ...verdict, account, launch, ...speedOf(verdict.best, asked.model, machine) }
}

/** The model that room is left for; engines of GGUF files leave room for another file. */
const tenantOf = (other: Question['other'], engine: AnyEngine): Tenant | undefined =>
  other && !isExl2Engine(engine) ? { model: described(other.header), engine, request: other.request } : undefined

/** Of folders no speed is estimated. */
function speedOf(placement: Placement, model: AnyModel, machine: Machine) {
  if (isExl2Model(model)) return {}
  const speed = estimateSpeed({ placement, model, machine })
  const warnings = placementWarnings(placement, machine).map((warning) => explainMachineWarning(warning, machine))
  return { speed: { ...speed, explanation: explainSpeed(speed.basis, machine), warnings } }
}

/** What could be described before it was asked about. */
export function describedAny(header: AnyHeader): AnyModel {
  const result = describeAny(header)
  if (!result.ok) throw new Error(result.issue.sentence)
  return result.value
}

/** The same of a GGUF file. */
export function described(header: GgufHeader): Model {
  const result = describeModel(header)
  if (!result.ok) throw new Error(explainDescribeIssue(result.issue))
  return result.value
}

/** ExLlama's engines left alone do what is among the placements that are compared. */
function besideAny({ model, engine, ...input }: AnyPlanInput, verdict: Verdict): Pick<PlanResult, 'engineAlone'> {
  if (isExl2Model(model) || isExl2Engine(engine)) return {}
  const { alternatives: _, ...rest } = input
  return beside({ ...rest, model, engine }, verdict)
}

/** How an engine that places layers itself comes to a placement; ExLlama's engines are told a split. */
function accountOf({ model, engine, ...input }: AnyPlanInput, placement: Placement): readonly string[] {
  if (isExl2Model(model) || isExl2Engine(engine)) return []
  const { alternatives: _, ...rest } = input
  return explainOwnChoice({ ...rest, model, engine }, placement)
}

/** What the engine left alone would do, compared with the best plan where one fits. */
function beside(input: PlanInput, verdict: Verdict): Pick<PlanResult, 'engineAlone'> {
  const alone = engineAlone(input)
  if (!alone) return {}
  if (!verdict.fits) return { engineAlone: alone }
  const comparison = compareWithAlone(verdict.best, alone)
  return { engineAlone: { ...alone, comparison, explanation: explainAlone(alone, verdict.best, input.machine) } }
}

const explain = ({ reasons, remedies }: Extract<Verdict, { fits: false }>, machine: Machine): readonly string[] => [
  ...reasons.map((reason) => explainReason(reason, machine)),
  ...remedies.map(({ remedy, cost }) => `${explainRemedy(remedy)} ${explainCost(cost)}`),
]
