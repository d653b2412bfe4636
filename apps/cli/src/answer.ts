import {
  type AnyEngine,
  type JointVerdict,
  type Machine,
  type Model,
  type Placement,
  type Solution,
  type SpeedEstimate,
  type Start,
  startOf,
  type Verdict,
} from '@berth/core'
import type { ModelRead } from './input/model.ts'

/** The estimate, with its basis in sentences. */
export interface SpeedJson extends SpeedEstimate {
  readonly explanation: readonly string[]
  /** What of the machine the placement is slower for. */
  readonly warnings: readonly string[]
}

/** One machine's verdict; launch and speed of the best placement are there when it fits. */
export interface Answer {
  readonly machine: Machine
  readonly verdict: Verdict
  readonly launch?: Start
  readonly speed?: SpeedJson
  /** What was solved for: the verdict is then on it, or where nothing fits on the request as it was. */
  readonly solution?: Solution
  /** The file that was chosen. */
  readonly model?: Model
}

/** One machine's answer about several models; the launches are there when it has room for all of them. */
export interface JointAnswer {
  readonly machine: Machine
  readonly verdict: JointVerdict
  readonly launches?: readonly Start[]
}

export interface LaunchFor {
  readonly placement: Placement
  readonly machine: Machine
  readonly engine: AnyEngine
  readonly source: ModelRead['source']
  /** Which of several that run at the same time: each listens on a port of its own. */
  readonly position?: number
}

export const launchOf = ({ engine, ...input }: LaunchFor): Start => startOf(engine, input)
