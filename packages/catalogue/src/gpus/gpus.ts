import { amdRows } from './amd.ts'
import { appleRows } from './apple.ts'
import { intelRows } from './intel.ts'
import { nvidiaRows } from './nvidia.ts'
import { type CatalogueGpu, readRows } from './row.ts'

/** One entry a name and memory size: names alone are not unique (RTX 3080, 4060 Ti, 5060 Ti, aftermarket 4090). */
export const catalogueGpus: readonly CatalogueGpu[] = [
  ...readRows('NVIDIA', nvidiaRows),
  ...readRows('AMD', amdRows),
  ...readRows('Apple', appleRows),
  ...readRows('Intel', intelRows),
]
