import { formatBytes, groupThousands } from '@berth/core'
import type { ModelView } from '../../trpc/types.ts'
import type { CatalogueEntry } from '../model/catalogue-entry.ts'
import { parameters } from '../model/model-figures.ts'
import type { ModelChoice } from './model-choice.ts'
import { storedSource } from './model-source.ts'

export const storedChoice = (model: ModelView): ModelChoice => ({
  kind: 'stored',
  format: model.format,
  id: model.id,
  name: model.name,
  detail: [
    model.architecture,
    parameters(model.parameterCount),
    model.mainType,
    formatBytes(model.fileBytes),
    model.fileName,
  ].join(' · '),
  mixes: [],
  source: storedSource(model),
})

export const catalogueChoice = (model: CatalogueEntry): ModelChoice => ({
  kind: 'catalogue',
  format: 'gguf',
  id: model.id,
  name: model.name,
  detail: [model.family, model.parameters, `${groupThousands(model.contextLengthTrained)} tokens`].join(' · '),
  mixes: model.mixes,
})
