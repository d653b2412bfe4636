import type { Engine } from '../../engines/engine.ts'
import type { Machine } from '../../machine/machine.ts'
import type { ReplayMemo } from '../../memory/replay-memo.ts'
import type { RunRequest } from '../../memory/settings.ts'
import type { Model } from '../../model/model.ts'
import { decide } from '../../placement/decide.ts'
import { needsHost, tightestHeadroom } from '../../placement/rank.ts'
import { fileNeeds } from './file-needs.ts'
import { type GuessCell, guessing } from './guess-cell.ts'
import type { RoleBuffers } from './role-buffers.ts'
import { type SurveyedHardware, surveyedHardware } from './surveyed-hardware.ts'

/**
 * fits: on devices alone. host: with part of it in the host's memory. no: not at all. refused: the engine does not take
 * it. open: too near to nothing left to be told without planning, which nobody had the time for.
 */
export const surveyVerdicts = ['fits', 'host', 'no', 'refused', 'open'] as const
export type SurveyVerdict = (typeof surveyVerdicts)[number]

/** How a cell was decided. */
export const surveyMeans = ['cut', 'estimated', 'planned'] as const
export type SurveyMeans = (typeof surveyMeans)[number]

export interface SurveyCell {
  readonly verdict: SurveyVerdict
  readonly means: SurveyMeans
  /**
   * Bytes left on the tightest place, about; by what is lacking where negative, of a cut cell at least. Absent where nothing is
   * known of it.
   */
  readonly headroom?: number
}

/** What may be kept between surveys of one server: another margin, say, changes none of it. */
export interface SurveyMemo {
  readonly roles: Map<string, RoleBuffers>
  readonly replays: ReplayMemo
}

export interface SurveyInput {
  readonly models: readonly Model[]
  /** One of each hardware: equal ones would be surveyed twice. */
  readonly machines: readonly Machine[]
  readonly engine: Engine
  readonly request: RunRequest
  /** Whether there is time to plan a pair that estimates leave open; asked for every one. */
  readonly mayPlan: () => boolean
  readonly memo?: SurveyMemo
}

/**
 * Which files fit which hardware: a row a file, in their order, a cell a hardware. Hopeless pairs are cut by what weights
 * and context need; the others are told by a split that is exact but for its compute buffers, which are replayed once for
 * all files of a model and all hardware. What lies too near is planned.
 */
export function* survey(input: SurveyInput): Generator<readonly SurveyCell[], void, void> {
  const { models, engine, request, memo = { roles: new Map(), replays: new Map() } } = input
  const hardware = input.machines.map((one) => surveyedHardware(one, engine, request))
  for (const model of models) {
    const settings = engine.settings(request, model)
    const guess = guessing({ engine, settings, needs: fileNeeds(model, settings, { known: memo.roles }) })
    const asked: Asked = { ...input, model, guess, replays: memo.replays, refusals: new Map() }
    yield hardware.map((one) => cellOf(one, asked))
  }
}

interface Asked extends Pick<SurveyInput, 'engine' | 'request' | 'mayPlan'> {
  readonly model: Model
  readonly guess: GuessCell
  readonly replays: ReplayMemo
  /** Whether the engine refuses the file, by the backends that a machine has. */
  readonly refusals: Map<string, boolean>
}

const REFUSED: SurveyCell = { verdict: 'refused', means: 'cut' }

function cellOf(surveyed: SurveyedHardware, asked: Asked): SurveyCell {
  if (surveyed.groups.length === 0) return { verdict: 'no', means: 'cut' }
  if (isRefused(surveyed, asked)) return REFUSED
  const guess = asked.guess(surveyed)
  if (guess.verdict !== 'open' || !asked.mayPlan()) return guess
  return planned(surveyed, asked)
}

function isRefused({ backends, machine }: SurveyedHardware, asked: Asked): boolean {
  const { engine, model, request, refusals } = asked
  const known = refusals.get(backends) ?? engine.refusals(model, machine, request).length > 0
  refusals.set(backends, known)
  return known
}

/** As a plan would say it, without what a no asks further. */
function planned({ machine }: SurveyedHardware, { engine, model, request, replays }: Asked): SurveyCell {
  const input = { engine, model, request, machine, replays }
  const onDevices = decide(input, { compare: 'widest', mayRelyOnHost: false })
  const decision = onDevices.fits ? onDevices : decide(input, { compare: 'widest', mayRelyOnHost: true })
  const means = 'planned'
  if (!decision.fits) {
    const { nearest } = decision
    return { verdict: 'no', means, ...(nearest && { headroom: tightestHeadroom(nearest) }) }
  }
  const best = decision.accepted[0]!
  return { verdict: needsHost(best) ? 'host' : 'fits', means, headroom: tightestHeadroom(best) }
}
