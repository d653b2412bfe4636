import type { CatalogueModel } from '../catalogue-model.ts'
import { chinaModels } from './china.ts'
import { deepseekModels } from './deepseek.ts'
import { googleModels } from './google.ts'
import { hybridModels } from './hybrids.ts'
import { llamaModels } from './llama.ts'
import { gptOssModels, phiModels } from './microsoft-openai.ts'
import { mistralModels } from './mistral.ts'
import { openWeightModels } from './open-weights.ts'
import { otherModels } from './others.ts'
import { qwenHybridModels } from './qwen-hybrid.ts'
import { qwen2Models } from './qwen2.ts'
import { qwen3Models } from './qwen3.ts'

export const catalogueModels: readonly CatalogueModel[] = [
  ...llamaModels,
  ...qwen3Models,
  ...qwenHybridModels,
  ...qwen2Models,
  ...mistralModels,
  ...googleModels,
  ...gptOssModels,
  ...phiModels,
  ...deepseekModels,
  ...otherModels,
  ...hybridModels,
  ...openWeightModels,
  ...chinaModels,
]

export const findCatalogueModel = (id: string): CatalogueModel | undefined =>
  catalogueModels.find((model) => model.id === id)
