import { catalogueHeader, findCatalogueModel } from '@berth/catalogue'
import { type AnyAlternative, type AnyHeader, describeAny, isExl2Header, mixOf } from '@berth/core'

/** Other files of a model, not yet described; they survive being sent to another thread. */
export type OtherFiles =
  /** The mixes of a catalogue model. */
  | { readonly kind: 'mixes'; readonly id: string }
  | { readonly kind: 'files'; readonly files: readonly { readonly name: string; readonly header: AnyHeader }[] }

/** Describes them; what a newer version cannot describe is no alternative. */
export function describeAlternatives(others: OtherFiles): readonly AnyAlternative[] {
  return headersOf(others).flatMap(({ name, header }) => {
    const described = describeAny(header)
    const mix = isExl2Header(header) ? undefined : mixOf(header)
    return described.ok ? [{ name, model: described.value, ...(mix && { mix }) }] : []
  })
}

function headersOf(others: OtherFiles): readonly { readonly name: string; readonly header: AnyHeader }[] {
  if (others.kind === 'files') return others.files
  const model = findCatalogueModel(others.id)
  return model ? model.mixes.map((mix) => ({ name: mix, header: catalogueHeader(model, mix) })) : []
}
