import { type CataloguedDeviceFigure, type Device, type Machine, MIB } from '@berth/core'
import { cpuMemoryBandwidth } from '../cpus/memory-bandwidth.ts'
import { findGpu } from './find-gpu.ts'
import type { CatalogueGpu } from './row.ts'

/**
 * A machine as its tools printed it, with what they did not print of well-known cards: the compute capability (which
 * nvidia-smi -q lacks, and on which the driver's share of memory depends), bandwidth, arithmetic speed and PCIe; and of
 * its processor the bandwidth of memory. What was measured stays, and so does what nobody knows. `fromCatalogue` names
 * what was added.
 */
export function completeMachine(machine: Machine): Machine {
  const completed = { ...machine, devices: machine.devices.map(completeDevice) }
  if (machine.hostMemoryBandwidthBytesPerSecond !== undefined || machine.cpuName === undefined) return completed
  const bandwidth = cpuMemoryBandwidth(machine.cpuName)
  if (bandwidth === undefined) return completed
  const added = {
    hostMemoryBandwidthBytesPerSecond: bandwidth,
    fromCatalogue: ['hostMemoryBandwidthBytesPerSecond'] as const,
  }
  return { ...completed, ...added }
}

/** As `completeMachine`, for one device. */
export function completeDevice(device: Device): Device {
  // A slice has neither the card's memory nor its speed.
  if (device.migParent !== undefined) return device
  const reported = device.memory.reported?.bytes ?? device.memory.runtime?.bytes
  const gpu = findGpu(device.name, reported === undefined ? undefined : reported / MIB)
  if (!gpu || gpu.backend !== device.backend) return device
  const facts = cataloguedFacts(gpu)
  const added = (Object.keys(facts) as CataloguedDeviceFigure[]).filter((figure) => device[figure] === undefined)
  if (added.length === 0) return device
  return { ...facts, ...device, fromCatalogue: [...(device.fromCatalogue ?? []), ...added] }
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
