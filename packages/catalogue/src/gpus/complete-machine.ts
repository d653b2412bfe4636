import { type Device, type Machine, MIB } from '@berth/core'
import { findGpu } from './find-gpu.ts'
import type { CatalogueGpu } from './row.ts'

/**
 * A machine as its tools printed it, with what they did not print of well-known cards: the compute capability (which
 * nvidia-smi -q lacks, and on which the driver's share of memory depends), bandwidth and arithmetic speed. What was measured
 * stays, and so does what nobody knows.
 */
export const completeMachine = (machine: Machine): Machine => ({
  ...machine,
  devices: machine.devices.map(completeDevice),
})

/** As `completeMachine`, for one device. */
export function completeDevice(device: Device): Device {
  // A slice has neither the card's memory nor its speed.
  if (device.migParent !== undefined) return device
  const reported = device.memory.reported?.bytes ?? device.memory.runtime?.bytes
  const gpu = findGpu(device.name, reported === undefined ? undefined : reported / MIB)
  return gpu && gpu.backend === device.backend ? { ...factsOf(gpu), ...device } : device
}

const factsOf = (gpu: CatalogueGpu): Partial<Device> => ({
  memoryBandwidthBytesPerSecond: gpu.memoryBandwidthBytesPerSecond,
  ...(gpu.architecture === undefined ? {} : { architecture: gpu.architecture }),
  ...(gpu.fp16FlopsPerSecond === undefined ? {} : { fp16FlopsPerSecond: gpu.fp16FlopsPerSecond }),
})
