import { movesTensors } from './overrides.ts'
import type { PlaceTotals } from './place-totals.ts'
import { HOST } from './run-memory.ts'
import type { Run } from './run.ts'

/** What a replay comes to. */
export interface Computed {
  /** `auto` as resolved. */
  readonly flashAttention: boolean
  readonly compute: PlaceTotals
}

/** Made by whoever plans many runs, and handed in with each of them. */
export type ReplayMemo = Map<string, Computed>

/**
 * What was replayed before of a run that computes in equal buffers: the same graph, settings and layout, whatever the
 * quantization. Where a weight may be uploaded from the host its bytes count too, and nothing is shared. Exact.
 */
export function replayedOnce(run: Run, replay: () => Computed): Computed {
  const { model, settings, layout, replays } = run
  if (!replays || !isShared(run)) return replay()
  const key = JSON.stringify([model.graphKey, model.tiedOutput, settings, layout])
  const known = replays.get(key) ?? replay()
  replays.set(key, known)
  return known
}

const isShared = ({ model, layout }: Run): boolean =>
  model.described &&
  model.hostTensors.size === 0 &&
  !layout.layers.includes(HOST) &&
  !layout.overrides.some(movesTensors)
