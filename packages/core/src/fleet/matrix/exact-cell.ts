import type { Machine } from '../../machine/machine.ts'
import type { ReplayMemo } from '../../memory/replay-memo.ts'
import type { RunRequest } from '../../memory/settings.ts'
import { type AnyModel, isExl2Model } from '../../model/any-model.ts'
import { isExl2Engine, type AnyEngine, planModel } from '../../placement/plan-model.ts'
import { needsHost, tightestHeadroom } from '../../placement/rank.ts'
import type { Placement, Reason, Verdict } from '../../placement/verdict.ts'
import { solve } from '../../solve/solve.ts'
import { estimateSpeed, type SpeedEstimate } from '../../speed/speed.ts'
import type { Bytes, Tokens } from '../../units.ts'
import type { SurveyVerdict } from './survey.ts'

/** One file on one machine, planned with every engine that was asked about, as its best one has it. */
export interface ExactCell {
  readonly verdict: Exclude<SurveyVerdict, 'open'>
  readonly engine: AnyEngine
  /** Left on its tightest place, by what is lacking where negative; absent where the engine refuses. */
  readonly headroom?: Bytes
  /** The best, or the one that lacks least. */
  readonly placement?: Placement
  /** What a cache of the same type may grow to; absent where nothing fits, and of folders. */
  readonly largestContext?: Tokens
  /** Absent where nothing fits, and of folders. */
  readonly speed?: SpeedEstimate
  /** Why it does not fit. */
  readonly reasons: readonly Reason[]
}

export interface ExactCellInput {
  readonly model: AnyModel
  readonly machine: Machine
  /** At least one; of those that do as well the first. */
  readonly engines: readonly AnyEngine[]
  readonly request: RunRequest
  readonly replays?: ReplayMemo
}

export function exactCell(input: ExactCellInput): ExactCell {
  const [first, ...others] = input.engines.map((engine) => judged(engine, input))
  if (!first) throw new Error('a cell is asked for without an engine')
  const best = others.reduce((left, right) => (isBetter(right, left) ? right : left), first)
  return { ...best, ...furtherOf(best, input) }
}

const RANKS = { fits: 3, host: 2, no: 1, refused: 0 } as const satisfies Record<ExactCell['verdict'], number>

const isBetter = (left: ExactCell, right: ExactCell): boolean =>
  RANKS[left.verdict] > RANKS[right.verdict] ||
  (left.verdict === right.verdict && (left.headroom ?? -Infinity) > (right.headroom ?? -Infinity))

function judged(engine: AnyEngine, { model, machine, request, replays }: ExactCellInput): ExactCell {
  const verdict = planModel({ model, machine, engine, request, ...(replays && { replays }) })
  const placement = verdict.fits ? verdict.best : verdict.nearest
  return {
    ...{ verdict: verdictOf(verdict), engine, reasons: verdict.fits ? [] : verdict.reasons },
    ...(placement && { placement, headroom: tightestHeadroom(placement) }),
  }
}

function verdictOf(verdict: Verdict): ExactCell['verdict'] {
  if (verdict.fits) return needsHost(verdict.best) ? 'host' : 'fits'
  return verdict.nearest ? 'no' : 'refused'
}

/** What a plan that fits allows beyond what was asked. */
function furtherOf({ verdict, engine, placement }: ExactCell, input: ExactCellInput): Partial<ExactCell> {
  const { model, machine, request } = input
  const fits = verdict === 'fits' || verdict === 'host'
  if (!fits || !placement || isExl2Model(model) || isExl2Engine(engine)) return {}
  const solution = solve({ model, machine, engine, request, unknown: 'context' })
  return {
    speed: estimateSpeed({ placement, model, machine }),
    ...(solution.solved && { largestContext: solution.request.contextLength }),
  }
}
