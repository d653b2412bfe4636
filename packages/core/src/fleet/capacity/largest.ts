import type { Machine } from '../../machine/machine.ts'
import type { Model } from '../../model/model.ts'
import type { Tenant } from '../../placement/plan-input.ts'
import { leastHeadroom } from '../../placement/rank.ts'
import type { Trial } from '../../placement/remedy-trials.ts'
import { bytes, type Bytes } from '../../units.ts'
import { trialOnGpus, trialWithHost } from './hosting.ts'

/** A file that may be hosted. */
export interface CapacityFile {
  readonly id: string
  readonly model: Model
}

/** What makes one file larger than another. */
export const fileSizes = ['weights', 'parameters'] as const
export type FileSize = (typeof fileSizes)[number]

/** The files by size, the largest first: sorted once for all machines. */
export interface LargestQuestion extends Pick<Tenant, 'engine' | 'request'> {
  readonly files: Readonly<Record<FileSize, readonly CapacityFile[]>>
}

export interface LargestFile {
  readonly file: string
  /** Left on the fullest GPU. */
  readonly headroom: Bytes
  /** The next larger file, and what it lacks at least; absent where the engine refuses it. */
  readonly next?: { readonly file: string; readonly lacks?: Bytes }
}

export interface Largest {
  /** Absent where no file fits on GPUs alone. */
  readonly onGpus?: LargestFile
  /** The largest that fits with a part of it in host memory; absent where that hosts none that is larger. */
  readonly withHost?: LargestFile
}

export type LargestHosted = Readonly<Record<FileSize, Largest>>

/** Of equal size, the one that is larger by the other measure is larger; then the one that was named first. */
export function bySize(files: readonly CapacityFile[]): LargestQuestion['files'] {
  const weights = (one: CapacityFile, other: CapacityFile): number => other.model.weightBytes - one.model.weightBytes
  const parameters = (one: CapacityFile, other: CapacityFile): number =>
    other.model.parameterCount - one.model.parameterCount
  return {
    weights: files.toSorted((one, other) => weights(one, other) || parameters(one, other)),
    parameters: files.toSorted((one, other) => parameters(one, other) || weights(one, other)),
  }
}

/**
 * The largest file that a machine hosts as asked. Files are tried from the largest down, so that no larger one fits; those
 * beyond hope are passed by a bound that replays nothing.
 */
export function largestHosted(machine: Machine, { files, engine, request }: LargestQuestion): LargestHosted {
  const inputOf = ({ model }: CapacityFile) => ({ machine, model, engine, request })
  const ways = {
    onGpus: { at: remembered((file) => trialOnGpus(inputOf(file), 'answer')), widest: trialOnGpus },
    withHost: { at: remembered((file) => trialWithHost(inputOf(file), 'answer')), widest: trialWithHost },
  }
  const largestOf = (ordered: readonly CapacityFile[], way: keyof typeof ways): LargestFile | undefined => {
    const { at, widest } = ways[way]
    const found = ordered.findIndex((file) => at(file).placement !== undefined)
    if (found === -1) return undefined
    const { placement } = widest(inputOf(ordered[found]!), 'widest')
    const larger = ordered[found - 1]
    return {
      file: ordered[found]!.id,
      headroom: leastHeadroom(placement ?? at(ordered[found]!).placement!),
      ...(larger && { next: { file: larger.id, ...lackOf(at(larger)) } }),
    }
  }
  const largest = (ordered: readonly CapacityFile[]): Largest => {
    const onGpus = largestOf(ordered, 'onGpus')
    // What GPUs alone host, they host without the host's help too.
    const last = onGpus ? ordered.findIndex(({ id }) => id === onGpus.file) : ordered.length
    const withHost = largestOf(ordered.slice(0, last), 'withHost')
    return { ...(onGpus && { onGpus }), ...(withHost && { withHost }) }
  }
  return { weights: largest(files.weights), parameters: largest(files.parameters) }
}

/** Both orders ask about the same files. */
function remembered(trial: (file: CapacityFile) => Trial): (file: CapacityFile) => Trial {
  const known = new Map<CapacityFile, Trial>()
  return (file) => {
    const answer = known.get(file) ?? trial(file)
    known.set(file, answer)
    return answer
  }
}

const lackOf = ({ headroom }: Trial): { readonly lacks?: Bytes } =>
  Number.isFinite(headroom) ? { lacks: bytes(Math.max(0, -headroom)) } : {}
