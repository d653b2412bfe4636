import type { Result } from '../../result.ts'
import { type Bytes, bytes, GIB } from '../../units.ts'
import { exl2AutoSplit } from '../auto-split.ts'
import type { Exl3Settings } from '../exllamav3/settings.ts'
import { exl3Split } from '../exllamav3/split.ts'
import { exl2ManualSplit } from '../manual-split.ts'
import type { Exl2Model } from '../model.ts'
import type { Exl2Placement, Exl2Refused } from '../placement.ts'
import type { Exl2Settings } from '../settings.ts'

/** How the loader of a format runs a model. */
export type Exl2Run =
  | { readonly format: 'exl2'; readonly settings: Exl2Settings }
  | { readonly format: 'exl3'; readonly settings: Exl3Settings }

/** How modules come to lie where they do. */
export type GpuSplit =
  /** `-gs auto`: device after device, each up to what must be kept free on it while loading. */
  | { readonly kind: 'auto'; readonly reserve: readonly Bytes[] }
  /** `-gs a,b`. The engines say GB and mean 2^30 bytes. */
  | { readonly kind: 'manual'; readonly gigabytes: readonly number[] }

/** What an ExLlama engine is told, beside the devices it sees. */
export interface Exl2Told {
  readonly run: Exl2Run
  readonly split: GpuSplit
  /** Modules on each device of the split, in load order. */
  readonly modules: readonly number[]
}

/**
 * Where a loader puts every module.
 *
 * @param available what the process may take on each device, its driver context made
 */
export function placeModules(
  model: Exl2Model,
  run: Exl2Run,
  split: GpuSplit,
  available: readonly Bytes[],
): Result<Exl2Placement, Exl2Refused> {
  if (run.format === 'exl2') {
    if (split.kind === 'manual') return exl2ManualSplit(model, run.settings, split.gigabytes)
    const devices = available.map((free, at) => ({ available: free, reserve: split.reserve[at]! }))
    return exl2AutoSplit(model, run.settings, devices)
  }
  const limitOf = (at: number): Parameters<typeof exl3Split>[2][number]['limit'] =>
    split.kind === 'auto'
      ? { kind: 'reserve', bytes: split.reserve[at]! }
      : { kind: 'use', bytes: bytes(Math.floor(split.gigabytes[at]! * GIB)) }
  return exl3Split(
    model,
    run.settings,
    available.map((free, at) => ({ available: free, limit: limitOf(at) })),
  )
}
