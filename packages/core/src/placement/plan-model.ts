import type { Engine } from '../engines/engine.ts'
import { engines, versionsOf } from '../engines/index.ts'
import type { Exl2Engine } from '../exl2/engines/exl2-engine.ts'
import { exl2Engines, isExl2EngineId } from '../exl2/engines/index.ts'
import { planExl2 } from '../exl2/plan/plan-exl2.ts'
import { type AnyModel, formatOf, isExl2Model, type ModelFormat } from '../model/any-model.ts'
import type { Alternative, PlanInput } from './plan-input.ts'
import { planOrJudge } from './plan.ts'
import type { AnyEngineId, LayerSplit, Reason, Verdict } from './verdict.ts'

export type AnyEngine = Engine | Exl2Engine

export const isExl2Engine = (engine: AnyEngine): engine is Exl2Engine => 'formats' in engine

/** Engines of GGUF files, and those of folders behind them. */
export const anyEngineIds = [...Object.keys(engines), ...Object.keys(exl2Engines)] as readonly AnyEngineId[]

/** What an engine reads. */
export const formatsOf = (engine: AnyEngine): readonly ModelFormat[] =>
  isExl2Engine(engine) ? engine.formats : ['gguf']

/** The versions of an engine, whatever it reads, the current one first. */
export const anyVersionsOf = (id: AnyEngineId): readonly AnyEngine[] =>
  isExl2EngineId(id) ? [exl2Engines[id]] : versionsOf(id)

/** The engine at a version, at the current one where none is named; undefined for a version that is not described. */
export const anyEngineOf = (id: AnyEngineId, version?: string): AnyEngine | undefined =>
  anyVersionsOf(id).find((engine) => version === undefined || engine.version === version)

export interface AnyPlanInput extends Omit<PlanInput, 'model' | 'engine' | 'alternatives'> {
  readonly model: AnyModel
  readonly engine: AnyEngine
  readonly alternatives?: () => readonly AnyAlternative[]
  /** Made by hand: judged instead of a plan. */
  readonly split?: LayerSplit
}

export interface AnyAlternative extends Omit<Alternative, 'model'> {
  readonly model: AnyModel
}

/** A GGUF file or an EXL2 or EXL3 folder on any engine. What an engine does not read, it refuses by its format. */
export function planModel(input: AnyPlanInput): Verdict {
  const { model, engine, alternatives, other, split, ...rest } = input
  if (isExl2Model(model) && isExl2Engine(engine)) {
    if (split) return { fits: false, reasons: [SPLIT_BY_HAND], remedies: [] }
    const folders = alternatives && (() => alternatives().flatMap((one) => exl2Of(one)))
    return planExl2({ ...rest, model, engine, ...(folders && { alternatives: folders }) })
  }
  if (!isExl2Model(model) && !isExl2Engine(engine)) {
    const files = alternatives && (() => alternatives().flatMap((one) => ggufOf(one)))
    const options = { ...(other && { other }), ...(split && { split }), ...(files && { alternatives: files }) }
    return planOrJudge({ ...rest, model, engine, ...options })
  }
  const format = formatOf(model).toUpperCase()
  return {
    fits: false,
    reasons: [{ code: 'format-not-readable', format, engine: engine.id }],
    remedies: [],
  }
}

const SPLIT_BY_HAND: Reason = {
  ...{ code: 'setting-not-supported', setting: 'split', value: 'by hand' },
  because: 'split-by-hand-not-planned-for-exllama',
}

const exl2Of = ({ name, model }: AnyAlternative) => (isExl2Model(model) ? [{ name, model }] : [])
const ggufOf = ({ model, ...file }: AnyAlternative) => (isExl2Model(model) ? [] : [{ ...file, model }])
