import { bytes, type DeploymentForm, type Machine, type PreferenceId, type UnknownId } from '@berth/core'
import type { EngineOptions } from '../input/engine.ts'
import type { RequestOptions } from '../options.ts'

/** What `--solve` takes, and the core's word for it. */
export const unknowns = {
  ctx: 'context',
  slots: 'slots',
  kv: 'cache-type',
  mix: 'mix',
} as const satisfies Record<string, UnknownId>

/** The options of `berth plan` as commander hands them over. */
export interface PlanOptions extends RequestOptions, EngineOptions {
  readonly machine: string
  readonly machineName?: string
  readonly model: string
  readonly objective?: PreferenceId
  /** The older name of `objective`. */
  readonly prefer?: PreferenceId
  readonly beside?: string
  readonly also: readonly string[]
  /** Instead of an answer in words, the file that deploys the best placement. */
  readonly as?: DeploymentForm
  readonly ignoreUsed?: true
  readonly solve?: keyof typeof unknowns
  readonly or: readonly string[]
  readonly json?: true
}

export const objectiveOf = ({ objective, prefer }: PlanOptions): PreferenceId => objective ?? prefer ?? 'headroom'

/** A machine's memory as if nothing else held any. */
export const nothingUsed = ({ devices }: Machine) => ({
  used: new Map(devices.map(({ id }) => [id, bytes(0)])),
  hostUsed: bytes(0),
})
