import { explainReason, type GgufHeader, type ModelSource, planTogether, type RunRequest, startOf } from '@berth/core'
import type { MachineView } from '../machine/schema.ts'
import { described } from './judge.ts'
import { judgedMachine } from './judged-machine.ts'
import type { TogetherResult } from './together-schema.ts'
import { type GgufEngineChoice, engineFor } from './verdict-schema.ts'

/** Models that are to run at the same time; it survives being sent to another thread. */
export interface JointQuestion extends GgufEngineChoice {
  readonly models: readonly {
    readonly header: GgufHeader
    readonly source: ModelSource
    readonly request: RunRequest
  }[]
}

/** Places all of them on one machine after the other, when asked for the next. */
export function* judgeTogetherEach(
  { models, ...choice }: JointQuestion,
  machines: readonly MachineView[],
): Generator<TogetherResult, void, void> {
  const engine = engineFor(choice)
  const tenants = models.map(({ header, request }) => ({ model: described(header), engine, request }))
  for (const machine of machines) {
    const verdict = planTogether({ machine, tenants })
    const where = { machine: judgedMachine(machine) }
    if (verdict.fits) {
      const placements = verdict.placements.map((placement, at) => {
        const launch = startOf(engine, { placement, machine, source: models[at]!.source, position: at })
        return { placement, launch }
      })
      yield { ...where, fits: true, placements }
    } else {
      const { proven, tenant, reasons } = verdict
      const explanation = reasons.map((reason) => explainReason(reason, machine))
      const placements = verdict.placements.map((placement) => placement ?? null)
      yield { ...where, fits: false, proven, placements, tenant, reasons, explanation }
    }
  }
}
