import type { Bytes } from '@berth/core'
import { catalogueGpus } from './gpus.ts'
import type { CatalogueGpu, Vendor } from './row.ts'

export interface GpuSearch {
  /** Words that must all be found in the name, the vendor or the architecture, in any order and case. */
  readonly text?: string | undefined
  readonly vendor?: Vendor | undefined
  /** On the box; of unified memory the largest size the product is sold with. */
  readonly memoryMin?: Bytes | undefined
  readonly memoryMax?: Bytes | undefined
}

/** The entries that fit, in the catalogue's order: by vendor, then roughly by generation. */
export function searchGpus({
  text = '',
  vendor,
  memoryMin = 0 as Bytes,
  memoryMax,
}: GpuSearch): readonly CatalogueGpu[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return catalogueGpus.filter((gpu) => {
    const memory = Math.max(...gpu.memoryNominal)
    const has = `${gpu.name} ${gpu.vendor} ${gpu.architecture ?? ''} ${gpu.id}`.toLowerCase()
    return (
      (vendor === undefined || gpu.vendor === vendor) &&
      memory >= memoryMin &&
      (memoryMax === undefined || memory <= memoryMax) &&
      words.every((word) => has.includes(word))
    )
  })
}
