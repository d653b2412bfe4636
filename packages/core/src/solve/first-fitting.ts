import type { Placement } from '../placement/verdict.ts'
import type { Change, Trial, Trials } from './trial.ts'

export interface Ranked<Value> {
  readonly trials: Trials
  /** Best first; at least one. */
  readonly values: readonly Value[]
  readonly change: (value: Value) => Change
}

interface Refused<Value> {
  readonly value: Value
  readonly trial: Extract<Trial, { readonly fits: false }>
}

export type FirstFitting<Value> =
  | {
      readonly best: { readonly value: Value; readonly placement: Placement }
      /** The value before it; absent where the best is the first. */
      readonly refused?: Refused<Value>
    }
  /** None fits; the last is as good as any. */
  | { readonly best?: undefined; readonly refused: Refused<Value> }

/** The best value that fits. A worse one may well need more, so none is passed over but those beyond all hope. */
export function firstFitting<Value>({ trials, values, change }: Ranked<Value>): FirstFitting<Value> {
  const known = new Map<number, Trial>()
  const trialAt = (at: number): Trial => {
    const trial = known.get(at) ?? trials.at(change(values[at]!))
    known.set(at, trial)
    return trial
  }
  const refusedAt = (at: number): Refused<Value> => {
    const trial = trialAt(at)
    if (trial.fits) throw new Error('a value fits that was beyond hope')
    return { value: values[at]!, trial }
  }
  for (const [at, value] of values.entries()) {
    if (trials.isHopeless(change(value))) continue
    const trial = trialAt(at)
    if (trial.fits)
      return { best: { value, placement: trial.placement }, ...(at > 0 && { refused: refusedAt(at - 1) }) }
  }
  return { refused: refusedAt(values.length - 1) }
}
