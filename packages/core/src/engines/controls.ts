import type { EngineControls } from './engine.ts'

/** All that llama.cpp's own flags can say. */
export const TOLD_EVERYTHING: EngineControls = {
  placesItself: false,
  layersPerDevice: true,
  blocksOnHost: true,
  expertsOnHost: true,
  cacheOnHost: true,
  pipelineOff: true,
  deviceOrder: true,
}

/** It places layers itself. */
export const TOLD_NOTHING: EngineControls = {
  placesItself: true,
  layersPerDevice: false,
  blocksOnHost: false,
  expertsOnHost: false,
  cacheOnHost: false,
  pipelineOff: false,
  deviceOrder: false,
}
