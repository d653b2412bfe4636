import { type Device, gibibytes, type Link, type Machine, type MachineId, machineId } from '@berth/core'
import { deviceFromCatalogue } from './gpus/device.ts'
import { findGpu } from './gpus/find-gpu.ts'

interface SampleSpec {
  readonly name: string
  readonly hostGib: number
  readonly cpuName: string
  readonly cpuCores: number
  /** Names and MiB as the catalogue lists them, in PCI order. */
  readonly gpus: readonly (readonly [name: string, memoryMib?: number])[]
  /** Class of the path between any two devices. */
  readonly link?: string
}

/** Unlike on purpose: a pair of equal cards, an unequal pair, a server with NVLink, and one that no 70B fits. */
const samples: readonly SampleSpec[] = [
  {
    name: 'lab-01',
    hostGib: 128,
    cpuName: 'AMD Ryzen Threadripper PRO 5965WX',
    cpuCores: 24,
    gpus: [
      ['NVIDIA GeForce RTX 3090', 24576],
      ['NVIDIA GeForce RTX 3090', 24576],
    ],
    link: 'PHB',
  },
  {
    name: 'lab-02',
    hostGib: 64,
    cpuName: 'Intel Core i9-13900K',
    cpuCores: 24,
    gpus: [
      ['NVIDIA GeForce RTX 4090', 24564],
      ['NVIDIA GeForce RTX 3060', 12288],
    ],
    link: 'PHB',
  },
  {
    name: 'lab-03',
    hostGib: 512,
    cpuName: 'AMD EPYC 7763',
    cpuCores: 64,
    gpus: Array.from({ length: 4 }, () => ['NVIDIA A100-SXM4-80GB', 81920] as const),
    link: 'NV4',
  },
  {
    name: 'lab-04',
    hostGib: 16,
    cpuName: 'AMD Ryzen 5 7600',
    cpuCores: 6,
    gpus: [['NVIDIA GeForce RTX 4060 Ti', 16380]],
  },
]

/** Four machines to plan on before the first of one's own is added; their ids begin with `sample-`. */
export const sampleLab = (): readonly Machine[] => samples.map(sampleMachine)

function sampleMachine(spec: SampleSpec): Machine {
  const id = machineId(`sample-${spec.name}`)
  const devices = spec.gpus.map((gpu, index) => sampleDevice(gpu, index, id))
  return {
    id,
    name: spec.name,
    hostMemoryTotal: gibibytes(spec.hostGib),
    cpuName: spec.cpuName,
    cpuCores: spec.cpuCores,
    devices,
    links: spec.link === undefined ? [] : linksBetween(devices, spec.link),
  }
}

function sampleDevice([name, memoryMib]: SampleSpec['gpus'][number], index: number, id: MachineId): Device {
  const gpu = findGpu(name, memoryMib)
  if (gpu === undefined) throw new Error(`the GPU catalogue has no ${name}`)
  return deviceFromCatalogue(gpu, index, id)
}

const linksBetween = (devices: readonly Device[], kind: string): readonly Link[] =>
  devices.flatMap((from, index) => devices.slice(index + 1).map((to) => ({ from: from.id, to: to.id, kind })))
