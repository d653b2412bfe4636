import type { Judgement } from './judge-case.ts'

/** Counts over many cases; the keys are the report's public shape. */
export interface Tally {
  readonly cases: number
  readonly refused: number
  readonly layersExact: number
  readonly weightsExact: number
  readonly contextExact: number
  readonly computeExact: number
  readonly computeCases: number
  readonly fitExact: number
  readonly restExact: number
  readonly computeErrorP50: number
  readonly computeErrorP99: number
  readonly computeErrorMax: number
  readonly computeMaxUnderMiB: number
}

export interface Report {
  readonly total: Tally
  readonly byArchitecture: Readonly<Record<string, Tally>>
}

export function reportOf(judgements: readonly Judgement[]): Report {
  const byArchitecture = grouped(judgements)
  const names = [...byArchitecture.keys()].toSorted()
  return {
    total: tallyOf(judgements),
    byArchitecture: Object.fromEntries(names.map((name) => [name, tallyOf(byArchitecture.get(name)!)])),
  }
}

/** `Map.groupBy` is not in Node 20. */
function grouped(judgements: readonly Judgement[]): Map<string, Judgement[]> {
  const groups = new Map<string, Judgement[]>()
  for (const one of judgements) groups.set(one.architecture, [...(groups.get(one.architecture) ?? []), one])
  return groups
}

function tallyOf(judgements: readonly Judgement[]): Tally {
  const judged = judgements.filter((one) => !one.refused)
  const errors = judged.flatMap((one) => one.computeErrors).toSorted((a, b) => a - b)
  const count = (exact: (one: Judgement) => boolean): number => judged.filter(exact).length
  const quantile = (share: number): number =>
    errors[Math.min(errors.length - 1, Math.floor(share * errors.length))] ?? 0
  return {
    cases: judgements.length,
    refused: judgements.length - judged.length,
    layersExact: count((one) => one.layersExact),
    weightsExact: count((one) => one.weightsExact),
    contextExact: count((one) => one.contextExact),
    computeExact: count((one) => one.computeExact),
    computeCases: judged.length,
    fitExact: count((one) => one.fitExact),
    restExact: count((one) => one.restExact),
    computeErrorP50: quantile(0.5),
    computeErrorP99: quantile(0.99),
    computeErrorMax: errors.at(-1) ?? 0,
    computeMaxUnderMiB: judged.reduce((most, one) => Math.max(most, one.computeUnder), 0) / 2 ** 20,
  }
}
