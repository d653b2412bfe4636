export { type CatalogueModel, catalogueHeader } from './catalogue-model.ts'
export { catalogueModels, findCatalogueModel } from './models/models.ts'
export { catalogueGpus } from './gpus/gpus.ts'
export { type GpuSearch, searchGpus } from './gpus/search-gpus.ts'
export {
  type CatalogueMachineIssue,
  explainCatalogueMachineIssue,
  machineFromCatalogue,
  MAX_CATALOGUE_DEVICES,
} from './gpus/catalogue-machine.ts'
export { cardFromCatalogue, cardsToBuy, isCard } from './gpus/cards.ts'
export { chooseGpu, findGpu } from './gpus/find-gpu.ts'
export { type DeviceOptions, deviceFromCatalogue } from './gpus/device.ts'
export type { CatalogueGpu, Vendor } from './gpus/row.ts'
export { sampleLab } from './sample-lab.ts'
export { findStory, stories } from './stories/index.ts'
export {
  type Story,
  type StoryCell,
  type StoryCourse,
  type StoryId,
  storyIds,
  type StoryTable,
  type Telling,
} from './stories/story.ts'
export { completeMachine } from './gpus/complete-machine.ts'
