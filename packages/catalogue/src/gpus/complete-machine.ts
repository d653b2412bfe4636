import { type Bytes, type CataloguedDeviceFigure, type Device, type Machine, MIB } from '@berth/core'
import { cpuMemoryBandwidth } from '../cpus/memory-bandwidth.ts'
import { appleBins } from './apple.ts'
import { cataloguedMemory, metalMemory } from './catalogue-memory.ts'
import { findGpu } from './find-gpu.ts'
import type { CatalogueGpu } from './row.ts'

/**
 * A machine as its tools printed it, with what they did not print of well-known cards: the compute capability (which
 * nvidia-smi -q lacks, and on which the driver's share of memory depends), bandwidth, arithmetic speed and PCIe, and the
 * memory on the box; and of its processor the bandwidth of memory. What was measured stays, and so does what nobody
 * knows. `fromCatalogue` names what was added, and memory has its provenance.
 */
export function completeMachine(machine: Machine): Machine {
  const completed = {
    ...machine,
    devices: machine.devices.map((device) => completeDevice(device, machine.hostMemoryTotal)),
  }
  if (machine.hostMemoryBandwidthBytesPerSecond !== undefined || machine.cpuName === undefined) return completed
  const bandwidth = cpuMemoryBandwidth(machine.cpuName)
  if (bandwidth === undefined) return completed
  const added = {
    hostMemoryBandwidthBytesPerSecond: bandwidth,
    fromCatalogue: ['hostMemoryBandwidthBytesPerSecond'] as const,
  }
  return { ...completed, ...added }
}

function completeDevice(device: Device, hostMemory: Bytes | undefined): Device {
  // A slice has neither the card's memory nor its speed.
  if (device.migParent !== undefined) return device
  const reported = device.memory.reported?.bytes ?? device.memory.runtime?.bytes
  const gpu = findGpu(device.name, reported === undefined ? undefined : reported / MIB)
  const known = gpu?.backend === device.backend ? gpu : undefined
  const completed = withMemory(device, known, hostMemory)
  if (known === undefined) return completed
  const facts = { ...cataloguedFacts(known), ...binnedBandwidth(device) }
  const added = (Object.keys(facts) as CataloguedDeviceFigure[]).filter((figure) => device[figure] === undefined)
  if (added.length === 0) return completed
  return { ...facts, ...completed, fromCatalogue: [...(device.fromCatalogue ?? []), ...added] }
}

/** A chip's memory is as wide as its number of cores says. */
function binnedBandwidth({ name, computeUnits }: Device): Pick<Device, 'memoryBandwidthBytesPerSecond'> {
  const bandwidth = appleBins.get(`${name} ${computeUnits ?? ''}`)
  return bandwidth === undefined ? {} : { memoryBandwidthBytesPerSecond: bandwidth * 1e9 }
}

/** Where no tool printed any size, the catalogue's stands in; shared memory is as large as the machine's is known to be. */
function withMemory(device: Device, gpu: CatalogueGpu | undefined, hostMemory: Bytes | undefined): Device {
  if (Object.keys(device.memory).length > 0) {
    if (gpu === undefined || gpu.unified || device.unified) return device
    const nominal = { bytes: cataloguedMemory(gpu).memory.nominal!.bytes, provenance: 'catalogue' } as const
    return { ...device, memory: { nominal, ...device.memory } }
  }
  if (device.unified && device.backend === 'metal') {
    return hostMemory === undefined ? device : { ...device, ...metalMemory(hostMemory) }
  }
  if (gpu === undefined || (gpu.unified && hostMemory === undefined)) return device
  return { ...device, ...cataloguedMemory(gpu, hostMemory) }
}

/** What an entry says of a device beside its memory; nothing under names whose figure nobody knows. */
export const cataloguedFacts = (
  gpu: CatalogueGpu,
): Omit<Pick<Device, CataloguedDeviceFigure>, 'powerDefaultWatts'> => ({
  memoryBandwidthBytesPerSecond: gpu.memoryBandwidthBytesPerSecond,
  ...(gpu.architecture === undefined ? {} : { architecture: gpu.architecture }),
  ...(gpu.fp16FlopsPerSecond === undefined ? {} : { fp16FlopsPerSecond: gpu.fp16FlopsPerSecond }),
  ...(gpu.pcie === undefined ? {} : { pcie: gpu.pcie }),
})
