import type { Launch, Machine, Verdict } from '@berth/core'

/** What starts the engine, as data and as a line to paste. */
export interface LaunchJson extends Launch {
  readonly shell: string
  readonly powershell: string
}

/** One machine's verdict; the launch is there when it fits. */
export interface Answer {
  readonly machine: Machine
  readonly verdict: Verdict
  readonly launch?: LaunchJson
}
