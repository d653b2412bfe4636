import { type Bytes, type CataloguedDeviceFigure, type Device, deviceId, type MachineId } from '@berth/core'
import { cataloguedMemory } from './catalogue-memory.ts'
import { cataloguedFacts } from './complete-machine.ts'
import type { CatalogueGpu } from './row.ts'

export interface DeviceOptions {
  /** The machine's memory, for a device that shares it. Left out: the largest size the product is sold with. */
  readonly hostMemory?: Bytes
}

/** A device that nobody measured: every figure is the catalogue's and says so. */
export function deviceFromCatalogue(
  gpu: CatalogueGpu,
  index: number,
  machineId: MachineId,
  options: DeviceOptions = {},
): Device {
  const { memoryTotal, memory } = cataloguedMemory(gpu, options.hostMemory)
  const facts = cataloguedFacts(gpu)
  return {
    id: deviceId(`${machineId}-gpu-${index}`),
    index,
    name: gpu.name,
    backend: gpu.backend,
    memoryTotal,
    memory,
    unified: gpu.unified,
    powerDefaultWatts: gpu.powerWatts,
    ...facts,
    fromCatalogue: [...(Object.keys(facts) as CataloguedDeviceFigure[]), 'powerDefaultWatts'],
  }
}
