import type { Launch, Machine, SpeedEstimate, Verdict } from '@berth/core'

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
