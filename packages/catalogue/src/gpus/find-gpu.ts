import { type Bytes, fail, MIB, ok, type Result } from '@berth/core'
import { catalogueGpus } from './gpus.ts'
import type { CatalogueGpu } from './row.ts'

/** Farther off than ECC or a driver's share would put it, a card of the name is not the card meant. */
const MEMORY_TOLERANCE = 0.12

/** Shorter beginnings of a name, cut by a tool, say too little. */
const SHORTEST_BEGINNING = 8

/**
 * The catalogue's entry for a device by the name a tool printed, with or without vendor and brand, and the total in MiB
 * that it printed. Undefined when no entry has the name, when none of the name has about this much memory, or when
 * several could be meant: one name may be sold in two sizes (then the memory decides), and nvidia-smi's table cuts
 * long names.
 */
export function findGpu(name: string, memoryMib?: number): CatalogueGpu | undefined {
  const near = entriesNamed(name)
    .map((gpu) => ({ gpu, distance: memoryMib === undefined ? 0 : memoryDistance(gpu, memoryMib * MIB) }))
    .filter(({ distance }) => distance <= MEMORY_TOLERANCE)
    .toSorted((a, b) => a.distance - b.distance)
  const [first] = near
  const isOneCard = memoryMib === undefined ? near.length === 1 : near.every(({ gpu }) => gpu.name === first?.gpu.name)
  return isOneCard ? first?.gpu : undefined
}

const byId: ReadonlyMap<string, CatalogueGpu> = new Map(catalogueGpus.map((gpu) => [gpu.id, gpu]))

/** Says which entries a name could mean; none where the catalogue has no such name. */
export interface GpuNotFound {
  readonly candidates: readonly CatalogueGpu[]
}

/** The entry of this id, or else of this name as `findGpu` finds it. */
export function chooseGpu(idOrName: string, memoryMib?: number): Result<CatalogueGpu, GpuNotFound> {
  const gpu = byId.get(idOrName) ?? findGpu(idOrName, memoryMib)
  return gpu === undefined ? fail({ candidates: entriesNamed(idOrName) }) : ok(gpu)
}

function entriesNamed(name: string): readonly CatalogueGpu[] {
  const beginning = /^(.+?)\.{2,}$/.exec(name.trim())?.[1]
  if (beginning === undefined) return byPlainName.get(plainName(name)) ?? byBareName.get(bareName(name)) ?? []
  const prefix = plainName(beginning)
  return prefix.length < SHORTEST_BEGINNING ? [] : catalogueGpus.filter((gpu) => plainName(gpu.name).startsWith(prefix))
}

/** Relative distance to the nearest size of the card; unified memory has no total of its own to compare. */
function memoryDistance(gpu: CatalogueGpu, memory: number): number {
  if (gpu.unified) return 0
  const sizes: readonly Bytes[] = gpu.memoryReported === undefined ? gpu.memoryNominal : [gpu.memoryReported]
  return Math.min(...sizes.map((size) => Math.abs(memory - size) / size))
}

/** Without vendor, trade marks, a driver's remark in brackets, dashes and case. */
const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/\((r|tm)\)/g, ' ')
    .replace(/\([^)]*\)\s*$/, ' ')
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()
    .replace(/^(nvidia|amd|intel) /, '')

const bareName = (name: string): string => plainName(name).replace(/^(geforce|tesla|radeon|instinct) /, '')

const grouped = (key: (name: string) => string): ReadonlyMap<string, readonly CatalogueGpu[]> => {
  const groups = new Map<string, readonly CatalogueGpu[]>()
  for (const gpu of catalogueGpus) groups.set(key(gpu.name), [...(groups.get(key(gpu.name)) ?? []), gpu])
  return groups
}

const byPlainName = grouped(plainName)
const byBareName = grouped(bareName)
