import { catalogueHeader, type CatalogueModel, catalogueModels } from '@berth/catalogue'
import { type GgufHeader, isMix, type Mix } from '@berth/core'

/** The mix most people run. */
const USUAL_MIX = 'Q4_K_M'

export const findCatalogueModel = (id: string): CatalogueModel | undefined =>
  catalogueModels.find((model) => model.id === id)

/** The mix asked for, or where none is, the usual one or the model's first. Undefined for one the model has not. */
export function mixOf(model: CatalogueModel, asked: string | undefined): Mix | undefined {
  if (asked === undefined) return model.mixes.includes(USUAL_MIX) ? USUAL_MIX : model.mixes[0]
  return isMix(asked) && model.mixes.includes(asked) ? asked : undefined
}

export function findCatalogueHeader(id: string, mix: string): GgufHeader | undefined {
  const model = findCatalogueModel(id)
  const found = model && mixOf(model, mix)
  return model && found && catalogueHeader(model, found)
}
