import { type Milp, type Stage, type Term, valueOf } from '@berth/core'
import loadHighs, { type Highs, type Model } from 'highs'
import { modelData } from './model-data.ts'

export interface SolveOptions<Goal> {
  readonly milp: Milp
  /** The most important first. */
  readonly stages: readonly Stage<Goal>[]
  /** An answer that keeps every row: the search begins with it, and no worse one is returned. */
  readonly start: readonly number[]
  /** In all. The solver listens to nobody meanwhile: run it in a thread that can be ended. */
  readonly seconds: number
}

export interface StageAnswer<Goal> {
  readonly goal: Goal
  readonly value: number
  /** No answer is better than this; as good as it where the value is the best there is. */
  readonly bound: number
  /** How far the value may be from the best, as a share of the value; 0 where it is the best. */
  readonly gap: number
  readonly isBest: boolean
}

export interface MilpAnswer<Goal> {
  readonly values: readonly number[]
  readonly stages: readonly StageAnswer<Goal>[]
}

/** A later goal gets something of the time even where an earlier one could use all of it. */
const SHARE_OF_REST = 0.6
/** Half of the least difference of whole numbers: less is the solver's rounding. */
const WHOLE = 0.5
/** A share of the memory, as the last goal is one; a thousandth of a GPU is nothing to look longer for. */
const SHARE = 0.001

/**
 * The best answer goal by goal, by HiGHS: what was reached for a goal is kept as a row while the next is sought. With no
 * time left the rest of the goals stay as they are.
 */
export async function solveStages<Goal>(options: SolveOptions<Goal>): Promise<MilpAnswer<Goal>> {
  const highs = await loadHighs()
  return highs.withModel(modelData(options.milp, highs), (model) => {
    model.options.set({ output_flag: false, mip_rel_gap: 0 })
    return searchAll(highs, model, options)
  })
}

function searchAll<Goal>(highs: Highs, model: Model, options: SolveOptions<Goal>): MilpAnswer<Goal> {
  const { stages, milp } = options
  const deadline = performance.now() + options.seconds * 1000
  const answers: StageAnswer<Goal>[] = []
  let values = options.start
  for (const [at, stage] of stages.entries()) {
    const left = (deadline - performance.now()) / 1000
    const seconds = at === stages.length - 1 ? left : left * SHARE_OF_REST
    const isWhole = stage.terms.every(({ column }) => milp.columns[column]!.integer)
    const found = search({ highs, model, options }, { stage, values, seconds, isWhole })
    values = found.values
    answers.push(found.answer)
    keep(model, stage, found.answer.value)
  }
  return { values, stages: answers }
}

interface Search<Goal> {
  readonly stage: Stage<Goal>
  readonly values: readonly number[]
  readonly seconds: number
  readonly isWhole: boolean
}

interface Session<Goal> {
  readonly highs: Highs
  readonly model: Model
  readonly options: SolveOptions<Goal>
}

function search<Goal>({ highs, model, options }: Session<Goal>, { stage, values, seconds, isWhole }: Search<Goal>) {
  const { constants } = highs
  const { goal, terms, sense, limit } = stage
  const before = valueOf(terms, values)
  const tolerance = isWhole ? WHOLE : SHARE
  const reached = (bound: number): boolean => Math.abs(bound - before) < tolerance
  if (reached(limit)) return { values, answer: { goal, value: before, bound: before, gap: 0, isBest: true } }
  if (seconds <= 0) return { values, answer: unproven(goal, before, limit) }

  aim(highs, model, stage)
  model.raw.zeroAllClocks()
  model.options.set({ time_limit: seconds, mip_abs_gap: isWhole ? 1 - 1e-6 : SHARE })
  model.setSolution({ colValue: [...values] })
  model.run()
  const status = model.getModelStatus()
  const proven = status === constants.modelStatus.optimal
  const hasAnswer = model.info.get('primal_solution_status') === constants.solutionStatus.feasible
  const found = hasAnswer ? [...model.getSolution().colValue] : values
  const rounded = found.map((value, at) => (options.milp.columns[at]!.integer ? Math.round(value) : value))
  const value = valueOf(terms, rounded)
  const better = sense === 'most' ? value >= before : value <= before
  const [kept, best] = better ? [rounded, value] : [values, before]
  if (proven) return { values: kept, answer: { goal, value: best, bound: best, gap: 0, isBest: true } }
  const told = Number(model.info.get('mip_dual_bound'))
  const bound = Number.isFinite(told) ? tighter(told, limit, sense) : limit
  return { values: kept, answer: unproven(goal, best, isWhole ? wholeBound(bound, sense) : bound) }
}

/** How far a value may be from the best, as a share of it. */
export const gapOf = (value: number, bound: number): number =>
  value === bound ? 0 : Math.abs(bound - value) / Math.max(Math.abs(value), Number.EPSILON)

function unproven<Goal>(goal: Goal, value: number, bound: number): StageAnswer<Goal> {
  return { goal, value, bound, gap: gapOf(value, bound), isBest: value === bound }
}

const tighter = (one: number, other: number, sense: Stage<unknown>['sense']): number =>
  sense === 'most' ? Math.min(one, other) : Math.max(one, other)

/** No answer of whole numbers lies between. */
const wholeBound = (bound: number, sense: Stage<unknown>['sense']): number =>
  sense === 'most' ? Math.floor(bound + 1e-6) : Math.ceil(bound - 1e-6)

function aim(highs: Highs, model: Model, { sense, terms }: Stage<unknown>): void {
  const { numCols } = model.getDimensions()
  const costs = costsOf(terms, numCols)
  const { maximize, minimize } = highs.constants.objectiveSense
  model.changeColsCost({ kind: 'range', from: 0, to: numCols - 1 }, costs)
  model.changeObjectiveSense(sense === 'most' ? maximize : minimize)
}

function costsOf(terms: readonly Term[], columns: number): Float64Array {
  const costs = new Float64Array(columns)
  for (const { column, coefficient } of terms) costs[column]! += coefficient
  return costs
}

function keep(model: Model, { sense, terms }: Stage<unknown>, value: number): void {
  if (terms.length === 0) return
  const [lower, upper] = sense === 'most' ? [value - 1e-6, Infinity] : [-Infinity, value + 1e-6]
  const entries = { indices: terms.map(({ column }) => column), values: terms.map(({ coefficient }) => coefficient) }
  model.addRow(lower, upper, entries)
}
