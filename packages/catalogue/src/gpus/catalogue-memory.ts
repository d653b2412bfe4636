import { type Bytes, bytes, GIB, type MemoryFigures, mebibytes } from '@berth/core'
import type { CatalogueGpu } from './row.ts'

/** A device's memory as the catalogue has it, and what a plan may use of it. */
export interface DeviceMemory {
  readonly memoryTotal: Bytes
  readonly memory: MemoryFigures
}

/** Of unified memory there is what the machine has, or else the most the product is sold with. */
export function cataloguedMemory(gpu: CatalogueGpu, hostMemory?: Bytes): DeviceMemory {
  const nominal = gpu.unified && hostMemory !== undefined ? hostMemory : bytes(Math.max(...gpu.memoryNominal))
  if (gpu.backend === 'metal') return metalMemory(nominal)
  const reported = gpu.memoryReported ?? nominal
  const reserved = gpu.backend === 'cuda' && !gpu.unified ? driverReserve(reported) : bytes(0)
  return {
    memoryTotal: bytes(reported - reserved),
    memory: {
      nominal: { bytes: nominal, provenance: 'catalogue' },
      ...(gpu.memoryReported === undefined ? {} : { reported: { bytes: reported, provenance: 'catalogue' } }),
      ...(reserved === 0 ? {} : { driverReserved: { bytes: reserved, provenance: 'catalogue' } }),
    },
  }
}

/**
 * What NVIDIA's driver keeps of the total it reports. An upper bound on published readings: 103 MiB of 16 GiB (P100),
 * 316 of 24 (RTX 3090), 346 of 24 (RTX 4090), 397 of 10 (RTX 3080), 460 of 20 (RTX 4000 SFF Ada), 498 of 32 (RTX 5090),
 * 609 of 45 (L40S), 869 of 80 (A100). A measured machine replaces it.
 */
const driverReserve = (reported: Bytes): Bytes => bytes(mebibytes(300) + Math.round(reported / 100))

/**
 * Up to here Metal lets a process have two thirds of the memory, above it three quarters: macOS's default for long, and a
 * lower bound of today's, which gives 84 % of 128 GiB. `iogpu.wired_limit_mb` moves it, and is read where it is printed.
 */
const SMALL_METAL_MEMORY = 36 * GIB

export function metalMemory(nominal: Bytes): DeviceMemory {
  const budget = bytes(Math.floor(nominal < SMALL_METAL_MEMORY ? (nominal * 2) / 3 : (nominal * 3) / 4))
  return {
    memoryTotal: budget,
    memory: {
      nominal: { bytes: nominal, provenance: 'catalogue' },
      runtime: { bytes: budget, provenance: 'catalogue' },
    },
  }
}
