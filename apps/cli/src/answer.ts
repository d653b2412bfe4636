import {
  type Engine,
  type JointVerdict,
  type Launch,
  type Machine,
  type Placement,
  type SpeedEstimate,
  toShell,
  type Verdict,
} from '@berth/core'
import type { ModelRead } from './input/model.ts'

/** What starts the engine, as data and as a line to paste. */
export interface LaunchJson extends Launch {
  readonly shell: string
  readonly powershell: string
}

/** The estimate, with its basis in sentences. */
export interface SpeedJson extends SpeedEstimate {
  readonly explanation: readonly string[]
}

/** One machine's verdict; launch and speed of the best placement are there when it fits. */
export interface Answer {
  readonly machine: Machine
  readonly verdict: Verdict
  readonly launch?: LaunchJson
  readonly speed?: SpeedJson
}

/** One machine's answer about several models; the launches are there when it has room for all of them. */
export interface JointAnswer {
  readonly machine: Machine
  readonly verdict: JointVerdict
  readonly launches?: readonly LaunchJson[]
}

export interface LaunchFor {
  readonly placement: Placement
  readonly machine: Machine
  readonly engine: Engine
  readonly source: ModelRead['source']
}

export function launchOf({ engine, ...input }: LaunchFor): LaunchJson {
  const launch = engine.launch(input)
  return { shell: toShell(launch, 'posix'), powershell: toShell(launch, 'powershell'), ...launch }
}
