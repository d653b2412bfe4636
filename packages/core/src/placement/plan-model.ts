import type { Engine } from '../engines/engine.ts'
import { engines } from '../engines/index.ts'
import type { Exl2Engine } from '../exl2/engines/exl2-engine.ts'
import { exl2Engines, isExl2EngineId } from '../exl2/engines/index.ts'
import { planExl2 } from '../exl2/plan/plan-exl2.ts'
import { type AnyModel, isExl2Model } from '../model/any-model.ts'
import type { Alternative, PlanInput } from './plan-input.ts'
import { plan } from './plan.ts'
import type { AnyEngineId, Verdict } from './verdict.ts'

export type AnyEngine = Engine | Exl2Engine

export const isExl2Engine = (engine: AnyEngine): engine is Exl2Engine => 'formats' in engine

/** The engine of an id, whatever it reads. */
export const anyEngine = (id: AnyEngineId): AnyEngine => (isExl2EngineId(id) ? exl2Engines[id] : engines[id])

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
