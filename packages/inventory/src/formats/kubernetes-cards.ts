import { gibibytes, mebibytes } from '@berth/core'

import type { JsonFields } from '../json/read-field.ts'
import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import type { DeviceReading } from './format.ts'
import { defined } from './format.ts'

interface GpuPlace {
  readonly line: number
  readonly notes: Notes
}

/** The cards of a node, by what its labels and its capacity say together. */
export function readGpus(labels: JsonFields, capacity: JsonFields, place: GpuPlace): readonly DeviceReading[] {
  const devices = [
    ...nvidiaCards(labels, capacity, place.line),
    ...amdCards(labels, capacity, place.line),
    ...intelCards(labels, capacity, place.line),
  ]
  return tooMany(devices.length, { ...place, what: 'GPUs' }) ? [] : devices
}

const sliceKey = /^nvidia\.com\/(mig-\d+g\.\d+gb(?:\.me)?)(?:\.count)?$/

/** Time slicing multiplies the capacity, so cards are counted by the label; MIG slices have labels of their own. */
function nvidiaCards(labels: JsonFields, capacity: JsonFields, line: number): readonly DeviceReading[] {
  const label = (name: string): string | undefined =>
    typeof labels[`nvidia.com/${name}`] === 'string' ? (labels[`nvidia.com/${name}`] as string) : undefined
  const major = label('gpu.compute.major')
  const shared = {
    line,
    backend: 'cuda' as const,
    architecture: major === undefined ? undefined : `${major}.${label('gpu.compute.minor') ?? '0'}`,
  }
  const slices = [...Object.keys(labels), ...Object.keys(capacity)].map((key) => sliceKey.exec(key)?.[1])
  const kinds = [...new Set(['gpu', ...slices.filter((name) => name !== undefined)])]
  return kinds.flatMap((kind) => {
    const memory = Number(label(`${kind}.memory`))
    const product = label(`${kind}.product`)?.replace(/-SHARED$/, '')
    const card = defined({
      ...shared,
      // Without the labels, the resource's own name tells the profile.
      name: (product ?? (kind === 'gpu' ? undefined : kind.replace('mig-', 'MIG ')))?.slice(0, limits.nameCharacters),
      reported: memory > 0 && memory * 1024 ** 2 <= limits.memoryBytes ? mebibytes(memory) : undefined,
    })
    const room = capacity[`nvidia.com/${kind}`]
    // With mixed MIG the label counts the cards that are cut too; the capacity counts whole ones.
    const count = kind === 'gpu' && kinds.length > 1 ? room : (label(`${kind}.count`) ?? room)
    return repeat(card, Number(count ?? 0))
  })
}

/** The labels of AMD's node labeller: underscores for spaces, and memory in whole GiB. Parts of a card count by their mode. */
function amdCards(labels: JsonFields, capacity: JsonFields, line: number): readonly DeviceReading[] {
  const label = (name: string) => labels[`amd.com/gpu.${name}`] ?? labels[`beta.amd.com/gpu.${name}`]
  const [name, memory] = [label('product-name'), /^(\d{1,6})Gi?$/.exec(String(label('vram')))?.[1]]
  const units = Number(label('cu-count'))
  const card = defined({
    line,
    backend: 'rocm' as const,
    name: typeof name === 'string' ? name.replaceAll('_', ' ').slice(0, limits.nameCharacters) : undefined,
    nominal: memory === undefined ? undefined : gibibytes(Number(memory)),
    computeUnits: Number.isSafeInteger(units) && units > 0 ? units : undefined,
  })
  return Object.entries(capacity)
    .filter(([resource]) => /^amd\.com\/(?:gpu|[sdtqc]px_nps\d)$/.test(resource))
    .flatMap(([, count]) => repeat(card, Number(count)))
}

/** Intel's plugin names the driver; its memory label counts all cards of the node together, and so tells of none. */
function intelCards(labels: JsonFields, capacity: JsonFields, line: number): readonly DeviceReading[] {
  const product = labels['gpu.intel.com/product']
  const name = typeof product === 'string' ? `Intel ${product.replaceAll(/[_-]/g, ' ')}` : undefined
  const card = defined({ line, backend: 'sycl' as const, name: name?.slice(0, limits.nameCharacters) })
  return ['i915', 'xe'].flatMap((driver) => repeat(card, Number(capacity[`gpu.intel.com/${driver}`] ?? 0)))
}

const repeat = (card: DeviceReading, count: number): readonly DeviceReading[] =>
  Number.isSafeInteger(count) && count > 0
    ? Array.from({ length: Math.min(count, limits.devicesPerMachine + 1) }, () => card)
    : []
