import { inEngineOrder, type LayerSplit, type Machine, type Placement, type PlaceMemory } from '@berth/core'
import type { LayerCounts } from '@berth/ui/boundaries'

const HOST = 'host'
/** `LLAMA_MAX_LAYERS` is 512; three digits keep a mistyped address from drawing a million cells. */
const PART = /^([a-z0-9-]+):(\d{1,3})$/
/** The host first, then the devices. */
const keysOf = (machine: Machine): readonly string[] => [
  HOST,
  ...inEngineOrder(machine.devices).map(({ index }) => `gpu-${index}`),
]

/** "Host memory", "GPU 0": the holders that the counts stand for. */
export const holderName = (machine: Machine, holder: number): string =>
  holder === 0 ? 'Host memory' : `GPU ${inEngineOrder(machine.devices)[holder - 1]?.index ?? '?'}`

/** The counts that `gpu-0:41,gpu-1:40` says; undefined for what names no GPU of the machine, or no number. */
export function readHandSplit(text: string | null, machine: Machine): LayerCounts | undefined {
  if (!text) return undefined
  const keys = keysOf(machine)
  const counts = keys.map(() => 0)
  for (const part of text.split(',')) {
    const [, key = '', count = ''] = PART.exec(part) ?? []
    const holder = keys.indexOf(key)
    if (holder === -1) return undefined
    counts[holder] = Number(count)
  }
  return counts
}

/** As `readHandSplit` reads it; holders without a layer are left out. */
export const writeHandSplit = (counts: LayerCounts, machine: Machine): string =>
  keysOf(machine)
    .map((key, holder) => ({ key, count: counts[holder] ?? 0 }))
    .filter(({ count }) => count > 0)
    .map(({ key, count }) => `${key}:${count}`)
    .join(',')

/** Layers each holder has in a split. The output layer is the host's where no device is used. */
export function countsOf({ devices, hostBlocks }: LayerSplit, machine: Machine): LayerCounts {
  const onDevices = inEngineOrder(machine.devices).map(
    ({ id }) => devices.find(({ device }) => device === id)?.layers ?? 0,
  )
  return [devices.length === 0 ? hostBlocks + 1 : hostBlocks, ...onDevices]
}

/** The planned split with its layers counted out anew; experts and overrides stay as the plan has them. */
export function splitOf(counts: LayerCounts, planned: LayerSplit, machine: Machine): LayerSplit {
  const devices = inEngineOrder(machine.devices)
    .map(({ id }, at) => ({ device: id, layers: counts[at + 1] ?? 0 }))
    .filter(({ layers }) => layers > 0)
  const onHost = counts[0] ?? 0
  return { ...planned, devices, hostBlocks: devices.length === 0 ? Math.max(0, onHost - 1) : onHost }
}

/** What a placement counts on a holder. */
export function memoryOf({ memory }: Placement, machine: Machine, holder: number): PlaceMemory | undefined {
  const device = inEngineOrder(machine.devices)[holder - 1]?.id
  return memory.find(({ place }) => (place.kind === 'host' ? holder === 0 : place.device === device))
}
