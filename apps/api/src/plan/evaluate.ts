import { setImmediate } from 'node:timers/promises'
import {
  engines,
  explainReason,
  explainRemedy,
  type Launch,
  plan,
  type RunRequest,
  toShell,
  type Verdict,
} from '@berth/core'
import { ApiError } from '../errors.ts'
import type { MachineView } from '../machine/schema.ts'
import type { LoadedModel } from './load-model.ts'
import { byVerdict } from './rank.ts'
import type { PlanResult } from './schema.ts'

export interface Evaluation {
  readonly loaded: LoadedModel
  readonly engine: keyof typeof engines
  readonly request: RunRequest
}

/** Judges every machine, best first. Other requests are served between one machine and the next. */
export async function evaluate(
  machines: readonly MachineView[],
  evaluation: Evaluation,
  signal?: AbortSignal,
): Promise<readonly PlanResult[]> {
  const results: PlanResult[] = []
  for (const machine of machines) {
    if (signal?.aborted === true) throw new ApiError('aborted', 'The client went away.')
    results.push(judge(machine, evaluation))
    await setImmediate()
  }
  return results.toSorted(byVerdict)
}

export function judge(machine: MachineView, { loaded, engine, request }: Evaluation): PlanResult {
  const { model, source } = loaded
  const verdict: Verdict = plan({ model, machine, engine: engines[engine], request })
  const where = { machine: { id: machine.id, name: machine.name, sample: machine.sample } }
  if (!verdict.fits) return { ...where, ...verdict, explanation: explain(verdict, machine) }
  const launch = engines[engine].launch({ placement: verdict.best, machine, source })
  return { ...where, ...verdict, launch: withShells(launch) }
}

const explain = ({ reasons, remedies }: Extract<Verdict, { fits: false }>, machine: MachineView): readonly string[] => [
  ...reasons.map((reason) => explainReason(reason, machine)),
  ...remedies.map(({ remedy }) => explainRemedy(remedy)),
]

const withShells = (launch: Launch) => ({
  shell: toShell(launch, 'posix'),
  powershell: toShell(launch, 'powershell'),
  environment: launch.environment,
  program: launch.program,
  arguments: launch.arguments,
})
