import type { Model } from '../model/model.ts'
import type { RunLayout } from './run-memory.ts'
import type { ReplayMemo } from './replay-memo.ts'
import type { RunSettings } from './settings.ts'

/** One run to be judged: a model, how the engine runs it, and what it puts where. */
export interface Run {
  readonly model: Model
  readonly settings: RunSettings
  readonly layout: RunLayout
  /** Where what was replayed before is found again; each run is replayed on its own without it. */
  readonly replays?: ReplayMemo
}
