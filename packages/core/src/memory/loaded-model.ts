import type { Model } from '../model/model.ts'
import type { RunSettings } from './settings.ts'

/** A model as these settings load it; one object a model, so that what is known of it is found again. */
export function loadedModel(model: Model, { tiedOutputOnHost }: RunSettings): Model {
  if (!tiedOutputOnHost || !model.tiedOutput) return model
  const known = untied.get(model) ?? { ...model, tiedOutput: false }
  untied.set(model, known)
  return known
}

const untied = new WeakMap<Model, Model>()
