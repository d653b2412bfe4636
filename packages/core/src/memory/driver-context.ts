import type { Backend, Device } from '../machine/machine.ts'
import { type Bytes, mebibytes } from '../units.ts'

/** What decides how much the driver takes. */
export type DriverDevice = Pick<Device, 'backend' | 'architecture'>

export interface ContextBound {
  readonly bytes: Bytes
  readonly source: string
}

/** CUDA compute capability as a number ("8.6" → 8.6), or undefined when no tool said it. */
export function computeCapability(device: DriverDevice): number | undefined {
  const found = device.backend === 'cuda' ? /^(\d+)\.(\d+)$/.exec(device.architecture ?? '') : null
  return found ? Number(found[1]) + Number(found[2]) / 10 : undefined
}

/**
 * What a process holds on a CUDA device before its first allocation, with the kernels of ggml-cuda loaded: bounds over
 * `nvidia-smi` less the buffers that llama.cpp logged. From the least capability, ascending.
 */
const cudaContexts: readonly { readonly from: number; readonly mib: number; readonly source: string }[] = [
  { from: 0, mib: 320, source: 'Tesla P100: 295 MiB over the logged buffers on each of four cards' },
  { from: 7, mib: 352, source: 'between the readings of Pascal and Ampere' },
  { from: 8, mib: 384, source: 'A40: 298 MiB over the logged buffers' },
  { from: 8.9, mib: 512, source: 'between the readings of Ampere and Hopper' },
  { from: 9, mib: 640, source: 'H100: 594 MiB over the logged buffers' },
  { from: 10, mib: 768, source: 'RTX PRO 6000 Blackwell: 710 MiB over the logged buffers' },
]

/** Other backends: no reading that isolates the driver is known but one; assumed, not proven. */
const otherContexts = {
  cuda: { bytes: mebibytes(768), source: 'the largest CUDA reading: the compute capability is not known' },
  rocm: { bytes: mebibytes(640), source: 'assumed for RDNA; no isolated reading' },
  vulkan: { bytes: mebibytes(320), source: 'assumed; no isolated reading' },
  metal: { bytes: mebibytes(160), source: 'assumed; no isolated reading' },
  sycl: { bytes: mebibytes(640), source: 'assumed; no isolated reading' },
  rpc: { bytes: mebibytes(768), source: 'assumed: the remote device is not known' },
} as const satisfies Record<Backend, ContextBound>

const instinctContext: ContextBound = {
  bytes: mebibytes(1536),
  source: 'MI355X: 1,468 MiB over the logged buffers',
}

/** Driver context and loaded kernels of one process on one device. An upper bound for CUDA, assumed elsewhere. */
export function driverContext(device: DriverDevice): ContextBound {
  if (device.backend === 'rocm' && device.architecture?.startsWith('gfx9')) return instinctContext
  const capability = computeCapability(device)
  const known = capability === undefined ? undefined : cudaContexts.findLast(({ from }) => capability >= from)
  return known ? { bytes: mebibytes(known.mib), source: known.source } : otherContexts[device.backend]
}
