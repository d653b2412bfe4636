import type { Engine } from '../engines/engine.ts'
import type { Exl2Engine } from '../exl2/engines/exl2-engine.ts'
import type { Exl2Model } from '../exl2/model.ts'
import { planExl2 } from '../exl2/plan/plan-exl2.ts'
import type { Model } from '../model/model.ts'
import type { Alternative, PlanInput } from './plan-input.ts'
import { plan } from './plan.ts'
import type { Verdict } from './verdict.ts'

/** A model of either kind, to be told apart by what it was read from. */
export type AnyModel = Model | Exl2Model
export type AnyEngine = Engine | Exl2Engine

export const isExl2Model = (model: AnyModel): model is Exl2Model => 'quantization' in model
export const isExl2Engine = (engine: AnyEngine): engine is Exl2Engine => 'formats' in engine

export interface AnyPlanInput extends Omit<PlanInput, 'model' | 'engine' | 'alternatives'> {
  readonly model: AnyModel
  readonly engine: AnyEngine
  readonly alternatives?: () => readonly AnyAlternative[]
}

export interface AnyAlternative extends Omit<Alternative, 'model'> {
  readonly model: AnyModel
}

/** A GGUF file or an EXL2 or EXL3 folder on any engine. What an engine does not read, it refuses by its format. */
export function planModel(input: AnyPlanInput): Verdict {
  const { model, engine, alternatives, other, ...rest } = input
  if (isExl2Model(model) && isExl2Engine(engine)) {
    const folders = alternatives && (() => alternatives().flatMap((one) => exl2Of(one)))
    return planExl2({ ...rest, model, engine, ...(folders && { alternatives: folders }) })
  }
  if (!isExl2Model(model) && !isExl2Engine(engine)) {
    const files = alternatives && (() => alternatives().flatMap((one) => ggufOf(one)))
    return plan({ ...rest, model, engine, ...(other && { other }), ...(files && { alternatives: files }) })
  }
  const format = isExl2Model(model) ? model.quantization.format.toUpperCase() : 'GGUF'
  return {
    fits: false,
    reasons: [{ code: 'format-not-readable', format, engine: engine.id }],
    remedies: [],
  }
}

const exl2Of = ({ name, model }: AnyAlternative) => (isExl2Model(model) ? [{ name, model }] : [])
const ggufOf = ({ name, model }: AnyAlternative) => (isExl2Model(model) ? [] : [{ name, model }])
