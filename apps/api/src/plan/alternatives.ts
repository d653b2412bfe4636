import { catalogueHeader, findCatalogueModel } from '@berth/catalogue'
import { type Alternative, describeModel, type GgufHeader } from '@berth/core'

/** Other files of a model, not yet described; they survive being sent to another thread. */
export type OtherFiles =
  /** The mixes of a catalogue model. */
  | { readonly kind: 'mixes'; readonly id: string }
  | { readonly kind: 'files'; readonly files: readonly { readonly name: string; readonly header: GgufHeader }[] }

/** Describes them; what a newer version cannot describe is no alternative. */
export function describeAlternatives(others: OtherFiles): readonly Alternative[] {
  return headersOf(others).flatMap(({ name, header }) => {
    const described = describeModel(header)
    return described.ok ? [{ name, model: described.value }] : []
  })
}

function headersOf(others: OtherFiles): readonly { readonly name: string; readonly header: GgufHeader }[] {
  if (others.kind === 'files') return others.files
  const model = findCatalogueModel(others.id)
  return model ? model.mixes.map((mix) => ({ name: mix, header: catalogueHeader(model, mix) })) : []
}
