import { describe, expect, it } from 'vitest'
import { fieldValue, fieldWords } from './field-words.ts'

describe('fieldWords', () => {
  it.each([
    ['GPU 0 memoryUsed', 'GPU 0 memory used'],
    ['GPU 0 memory.driverReserved.bytes', 'GPU 0 memory driver reserved'],
    ['hostMemoryTotal', 'RAM'],
    ['GPU 3 memory.policyReserved.bytes', 'GPU 3 memory kept back'],
    ['GPU 0 memoryForPlans', 'GPU 0 for plans'],
    ['label nvidia.com/gpu.product', 'label nvidia.com/gpu.product'],
    ['maintenance note', 'maintenance note'],
    ['driverVersion', 'driver version'],
    ['GPU 1', 'GPU 1'],
    ['GPU 0 pcie.widthMax', 'GPU 0 pcie width max'],
    ['GPU 0 to GPU 1 peerAccess', 'GPU 0 to GPU 1 peer access'],
    ['GPU 0 to GPU 1 bandwidthBytesPerSecond', 'GPU 0 to GPU 1 bandwidth'],
    ['28 links kind', '28 links kind'],
    ['networkInterfaces.eno1.bitsPerSecond', 'network interfaces eno1'],
  ])('writes %s as %s', (path, words) => expect(fieldWords(path)).toBe(words))
})

describe('fieldValue', () => {
  it.each([
    ['GPU 0 memoryUsed', '432013312', '412 MiB'],
    ['hostMemoryTotal', '137438953472', '128.00 GiB'],
    ['GPU 0 memory.reported.bytes', '25769803776', '24.00 GiB'],
    ['GPU 0 memory.policyReserved.bytes', '0', '0 B'],
    ['GPU 0 memoryForPlans', '25769803776', '24.00 GiB'],
    ['GPU 0 memoryBandwidthBytesPerSecond', '936200000000', '936.2 GB/s'],
    ['GPU 0 fp16FlopsPerSecond', '142000000000000', '142 TFLOPS'],
    ['GPU 0 powerLimitWatts', '280', '280 W'],
    ['GPU 0 powerDefaultWatts', '350', '350 W'],
    ['GPU 0 pcie.width', '16', '×16'],
    ['GPU 0 displayAttached', 'true', 'yes'],
    ['GPU 0 architecture', '8.6', '8.6'],
    ['driverVersion', '535.104.05', '535.104.05'],
    ['networkInterfaces.eno1.bitsPerSecond', '2500000000', '2.5 Gbit/s'],
    ['networkInterfaces.eno1.bitsPerSecond', '0', 'no link'],
    ['GPU 0 to GPU 1 bandwidthBytesPerSecond', '56250000000', '56 GB/s'],
    ['GPU 0 to GPU 1 peerAccess', 'CNS', 'CNS'],
    // a GPU that was added: its name
    ['GPU 0 memory', 'unknown', 'unknown'],
  ])('writes %s of %s as %s', (path, value, written) => expect(fieldValue(path, value)).toBe(written))
})
