import { describe, expect, it } from 'vitest'
import { cpuMemoryBandwidth } from './memory-bandwidth.ts'

describe('cpuMemoryBandwidth', () => {
  it.each([
    ['AMD EPYC 7402P 24-Core Processor', 204.8],
    ['AMD EPYC 7F52 16-Core Processor', 204.8],
    ['AMD EPYC 7763', 204.8],
    ['AMD EPYC 9374F 32-Core Processor', 460.8],
    ['AMD EPYC 9355 32-Core Processor', 576],
    ['AMD Ryzen Threadripper PRO 5965WX', 204.8],
    ['AMD Ryzen Threadripper PRO 7975WX 32-Cores', 332.8],
    ['AMD Ryzen Threadripper 3990X 64-Core Processor', 102.4],
    ['AMD Ryzen 9 5950X 16-Core Processor', 51.2],
    ['AMD Ryzen 5 7600', 83.2],
    ['AMD Ryzen 9 9950X3D 16-Core Processor', 89.6],
    ['Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz', 76.8],
    ['Intel(R) Xeon(R) Gold 6148 CPU @ 2.40GHz', 127.968],
    ['Intel(R) Xeon(R) Platinum 8480+', 307.2],
    ['Intel(R) Core(TM) i9-10900X CPU @ 3.70GHz', 93.856],
    ['Intel(R) Core(TM) i9-10900K CPU @ 3.70GHz', 46.928],
    ['Intel(R) Core(TM) i5-9500 CPU @ 3.00GHz', 42.656],
    ['13th Gen Intel(R) Core(TM) i9-13900K', 89.6],
    ['Intel Core i9-13900K', 89.6],
    ['Intel(R) Core(TM) Ultra 7 265K', 102.4],
  ])('%s: %d GB/s', (name, gigabytes) => expect(cpuMemoryBandwidth(name)! / 1e9).toBeCloseTo(gigabytes, 6))

  // A chip with memory of its own is told by its GPU; the rest is not in the table.
  it.each(['Apple M2 Ultra', 'AMD RYZEN AI MAX+ 395 w/ Radeon 8060S', 'Loongson-3A5000', ''])(
    'does not guess at %j',
    (name) => expect(cpuMemoryBandwidth(name)).toBeUndefined(),
  )
})
