import {
  describeModel,
  engines,
  estimateSpeed,
  explainDescribeIssue,
  explainCost,
  explainReason,
  explainRemedy,
  explainSpeed,
  type GgufHeader,
  type Launch,
  type Machine,
  type ModelSource,
  plan,
  type RunRequest,
  toShell,
  type Verdict,
} from '@berth/core'
import type { MachineView } from '../machine/schema.ts'
import type { PlanResult } from './schema.ts'

/** What machines are judged for; it survives being sent to another thread. */
export interface Question {
  readonly header: GgufHeader
  /** What the engine is told to load. */
  readonly source: ModelSource
  readonly engine: keyof typeof engines
  readonly request: RunRequest
}

/** Answers one machine after the other, when asked for the next: one can take seconds. */
export function* judgeEach(question: Question, machines: readonly MachineView[]): Generator<PlanResult, void, void> {
  const { header, source, engine, request } = question
  const described = describeModel(header)
  if (!described.ok) throw new Error(explainDescribeIssue(described.issue))
  for (const machine of machines) {
    const verdict: Verdict = plan({ model: described.value, machine, engine: engines[engine], request })
    const where = { machine: { id: machine.id, name: machine.name, sample: machine.sample } }
    if (verdict.fits) {
      const launch = engines[engine].launch({ placement: verdict.best, machine, source })
      const speed = estimateSpeed({ placement: verdict.best, model: described.value, machine })
      const explanation = explainSpeed(speed.basis, machine)
      yield { ...where, ...verdict, launch: withShells(launch), speed: { ...speed, explanation } }
    } else yield { ...where, ...verdict, explanation: explain(verdict, machine) }
  }
}

const explain = ({ reasons, remedies }: Extract<Verdict, { fits: false }>, machine: Machine): readonly string[] => [
  ...reasons.map((reason) => explainReason(reason, machine)),
  ...remedies.map(({ remedy, cost }) => `${explainRemedy(remedy)} ${explainCost(cost)}`),
]

const withShells = (launch: Launch) => ({
  shell: toShell(launch, 'posix'),
  powershell: toShell(launch, 'powershell'),
  environment: launch.environment,
  program: launch.program,
  arguments: launch.arguments,
})
