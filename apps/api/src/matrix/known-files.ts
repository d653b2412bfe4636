import { catalogueHeader, findCatalogueModel } from '@berth/catalogue'
import { type AnyModel, exl2Modules, isExl2Model } from '@berth/core'
import { describedAny } from '../plan/judge.ts'
import type { GivenFile, NamedFile } from './question.ts'

/** Tensors of all files that a thread keeps described: some 300 MB of them. */
const MOST_TENSORS = 600_000

export interface KnownFiles {
  readonly lacking: (keys: readonly string[]) => readonly string[]
  /** @throws {Error} for a file that is neither known nor given, which is a bug of the caller. */
  readonly model: (file: NamedFile) => AnyModel
}

/** Described files, those that were asked for longest ago forgotten first. */
export function knownFiles(mostTensors = MOST_TENSORS): KnownFiles {
  const known = new Map<string, AnyModel>()
  let tensors = 0
  const forget = (): void => {
    for (const [key, model] of known) {
      if (tensors <= mostTensors || known.size === 1) return
      known.delete(key)
      tensors -= sizeOf(model)
    }
  }
  return {
    lacking: (keys) => keys.filter((key) => !known.has(key)),
    model: ({ key, given }) => {
      const found = known.get(key)
      const model = found ?? (given && describedAny(headerOf(given)))
      if (!model) throw new Error(`${key} is neither known nor given`)
      if (!found) tensors += sizeOf(model)
      // The newest stands last.
      known.delete(key)
      known.set(key, model)
      forget()
      return model
    },
  }
}

const sizeOf = (model: AnyModel): number => (isExl2Model(model) ? exl2Modules(model).length : model.tensors.size)

function headerOf(given: GivenFile) {
  if (given.kind === 'header') return given.header
  const entry = findCatalogueModel(given.id)
  if (!entry) throw new Error(`the catalogue has no ${given.id}`)
  return catalogueHeader(entry, given.mix)
}
