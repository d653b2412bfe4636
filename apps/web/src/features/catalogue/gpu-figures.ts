import { type Bytes, formatBytes } from '@berth/core'
import type { CatalogueGpuView } from '../../trpc/types.ts'

const GIGABYTE = 1e9
const TERA = 1e12

export const bandwidthOf = (bytesPerSecond: number): string =>
  `${Math.round(bytesPerSecond / GIGABYTE).toLocaleString('en')} GB/s`

export const flopsOf = (perSecond: number): string => `${(perSecond / TERA).toFixed(1)} TFLOPS`

/** "24 GiB", or "64 GiB, 128 GiB or 192 GiB" where one name is sold with several. */
export function nominalMemory({ memoryNominal }: Pick<CatalogueGpuView, 'memoryNominal'>): string {
  const sizes = memoryNominal.map((size) => formatBytes(size, 'GiB'))
  return sizes.length < 2 ? sizes.join('') : `${sizes.slice(0, -1).join(', ')} or ${sizes.at(-1)}`
}

/** What is said with most; of unified memory the machine decides. */
export const largestNominal = ({ memoryNominal }: Pick<CatalogueGpuView, 'memoryNominal'>): Bytes =>
  memoryNominal.toSorted((a, b) => b - a)[0]!

/** How the total that the vendor's tool prints is known. */
export const memorySources = {
  observed: 'Seen in what the vendor’s tool printed.',
  unconfirmed: 'Of such a card no tool’s output was seen.',
  varies: 'What its tools report varies.',
} as const satisfies Record<CatalogueGpuView['memorySource'], string>

/** As people call it: "RTX 3090" for NVIDIA GeForce RTX 3090. */
const shortName = (name: string): string =>
  name.replaceAll(/\((R|TM)\)/gi, '').replace(/^(NVIDIA |AMD |Intel )?(GeForce |Radeon (?=RX|AI|PRO))?/, '')

/** A name for a machine of these GPUs: "2 × RTX 3090, RTX 3060". */
export const suggestedName = (
  gpus: readonly { readonly gpu: { readonly name: string }; readonly count: number }[],
): string => gpus.map(({ gpu, count }) => `${count > 1 ? `${count} × ` : ''}${shortName(gpu.name)}`).join(', ')
