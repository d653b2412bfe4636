import type { Backend, Device } from '../machine/machine.ts'
import { computeCapability } from '../memory/driver-context.ts'

/** From the slow to the fast end of what was measured. */
export interface Span {
  readonly low: number
  readonly high: number
}

/** What llama.cpp makes of a device's peak figures; the fractions are of published measurements (docs/sources.md). */
export interface Efficiency {
  /** Of the memory bandwidth, while weights are read for one token. */
  readonly bandwidth: Span
  /** Of the full fp16 rate, while a long prompt meets dense matrices. */
  readonly compute: Span
  /** Seconds from one kernel to the next that no roofline knows of. */
  readonly launch: Span
  /** The devices measured; absent where none was. */
  readonly measuredOn?: string
}

const span = (low: number, high: number): Span => ({ low, high })
const micro = (low: number, high: number): Span => ({ low: low * 1e-6, high: high * 1e-6 })

/** CUDA by compute capability, from the least, ascending. */
const cuda: readonly (Efficiency & { readonly from: number })[] = [
  // Without dp4a, quantized weights take a longer way.
  { from: 0, bandwidth: span(0.3, 0.8), compute: span(0.3, 1.3), launch: micro(3, 15) },
  { from: 6, bandwidth: span(0.3, 0.8), compute: span(0.3, 1.3), launch: micro(3, 15), measuredOn: 'P100' },
  { from: 6.1, bandwidth: span(0.55, 0.9), compute: span(0.6, 1.5), launch: micro(3, 10), measuredOn: 'P40' },
  { from: 7, bandwidth: span(0.55, 0.8), compute: span(0.25, 0.55), launch: micro(2.5, 6), measuredOn: 'V100' },
  {
    from: 7.5,
    bandwidth: span(0.7, 0.95),
    compute: span(0.25, 0.45),
    launch: micro(1.5, 3.5),
    measuredOn: 'RTX 2080, RTX 2080 Ti',
  },
  { from: 8, bandwidth: span(0.45, 0.65), compute: span(0.12, 0.35), launch: micro(2.5, 6), measuredOn: 'A100' },
  {
    from: 8.6,
    bandwidth: span(0.7, 0.96),
    compute: span(0.3, 0.65),
    launch: micro(1, 3),
    measuredOn: 'RTX 3070 to 3090, RTX 4080, RTX 4090',
  },
  { from: 9, bandwidth: span(0.32, 0.6), compute: span(0.08, 0.25), launch: micro(2, 4.5), measuredOn: 'H100, H200' },
  { from: 10, bandwidth: span(0.24, 0.42), compute: span(0.05, 0.2), launch: micro(2, 4.5), measuredOn: 'B300' },
  {
    from: 12,
    bandwidth: span(0.75, 0.96),
    compute: span(0.25, 0.5),
    launch: micro(1, 3),
    measuredOn: 'RTX PRO 6000, RTX 5060 Ti, GB10',
  },
]

/** ROCm by LLVM target: the first that is found. */
const rocm: readonly (Efficiency & { readonly target: RegExp })[] = [
  {
    target: /^gfx90[06]/,
    bandwidth: span(0.35, 0.7),
    compute: span(0.25, 0.6),
    launch: micro(2, 8),
    measuredOn: 'MI50',
  },
  { target: /^gfx9/, bandwidth: span(0.25, 0.65), compute: span(0.08, 0.4), launch: micro(2, 8) },
  { target: /^gfx10/, bandwidth: span(0.5, 0.85), compute: span(0.35, 0.75), launch: micro(2, 6) },
  {
    target: /^gfx11/,
    bandwidth: span(0.58, 0.85),
    compute: span(0.28, 0.6),
    launch: micro(2, 5),
    measuredOn: 'RX 7900 XTX, W7800, 8060S',
  },
  {
    target: /^gfx12/,
    bandwidth: span(0.58, 0.85),
    compute: span(0.2, 0.5),
    launch: micro(2, 5),
    measuredOn: 'R9700, RX 9060 XT',
  },
]

/** Where nothing closer is known. */
const others = {
  cuda: { bandwidth: span(0.4, 0.95), compute: span(0.1, 0.6), launch: micro(1, 6) },
  rocm: { bandwidth: span(0.35, 0.85), compute: span(0.2, 0.6), launch: micro(2, 8) },
  vulkan: { bandwidth: span(0.4, 0.9), compute: span(0.1, 0.6), launch: micro(2, 8) },
  metal: {
    bandwidth: span(0.5, 0.95),
    compute: span(0.52, 0.95),
    launch: micro(1.5, 6),
    measuredOn: 'M1 Max, M2 Ultra, M3 Max, M4',
  },
  sycl: {
    bandwidth: span(0.45, 0.8),
    compute: span(0.15, 0.45),
    launch: micro(3, 8),
    measuredOn: 'Arc B580, Arc Pro B70',
  },
  rpc: { bandwidth: span(0.3, 0.9), compute: span(0.1, 0.6), launch: micro(2, 20) },
} as const satisfies Record<Backend, Efficiency>

export function efficiencyOf(device: Device): Efficiency {
  const capability = computeCapability(device)
  if (capability !== undefined) return cuda.findLast(({ from }) => capability >= from)!
  const target = device.backend === 'rocm' ? device.architecture : undefined
  return rocm.find((one) => target !== undefined && one.target.test(target)) ?? others[device.backend]
}
