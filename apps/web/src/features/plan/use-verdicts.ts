'use client'

import {
  describeModel,
  type DescribeIssue,
  engines,
  type GgufHeader,
  type Machine,
  type Model,
  plan,
  type Result,
  type RunRequest,
} from '@berth/core'
import { useDeferredValue, useMemo } from 'react'
import { type PlanInputs, requestOf } from './plan-inputs.ts'
import { bestFirst, type MachineVerdict } from './verdict-view.ts'

export interface Verdicts {
  readonly model: Result<Model, DescribeIssue>
  readonly verdicts: readonly MachineVerdict[]
  /** The verdicts are of inputs that have changed since; the new ones are being computed. */
  readonly behind: boolean
}

/**
 * Judges every machine in the browser, by the same function as the server. While a slider moves the old answer stays up
 * until the new one is there, so that the slider itself never waits.
 */
export function useVerdicts(
  header: GgufHeader | undefined,
  machines: readonly Machine[],
  inputs: PlanInputs,
): Verdicts | undefined {
  const request = useRequest(inputs)
  const deferredRequest = useDeferredValue(request)
  const deferredHeader = useDeferredValue(header)
  const model = useMemo(() => (deferredHeader ? describeModel(deferredHeader) : undefined), [deferredHeader])
  const verdicts = useMemo(
    () => (model?.ok ? bestFirst(judge(model.value, machines, deferredRequest)) : []),
    [model, machines, deferredRequest],
  )
  return model && { model, verdicts, behind: request !== deferredRequest || header !== deferredHeader }
}

const judge = (model: Model, machines: readonly Machine[], request: RunRequest): readonly MachineVerdict[] =>
  machines.map((machine) => ({ machine, verdict: plan({ model, machine, engine: engines['llama.cpp'], request }) }))

/** The same object as long as it asks for the same: opening another machine is no new request. */
function useRequest(inputs: PlanInputs): RunRequest {
  const key = JSON.stringify(requestOf(inputs))
  return useMemo(() => JSON.parse(key) as RunRequest, [key])
}
