import { gibibytes, type Machine, machineId } from '@berth/core'
import { type ChosenGpus, explainCatalogueMachineIssue, machineFromCatalogue } from './gpus/catalogue-machine.ts'

interface SampleSpec {
  readonly name: string
  readonly hostGib: number
  readonly cpuName: string
  readonly cpuCores: number
  readonly gpus: readonly ChosenGpus[]
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
    gpus: [{ gpu: 'nvidia-geforce-rtx-3090-24gb', count: 2 }],
    link: 'PHB',
  },
  {
    name: 'lab-02',
    hostGib: 64,
    cpuName: 'Intel Core i9-13900K',
    cpuCores: 24,
    gpus: [
      { gpu: 'nvidia-geforce-rtx-4090-24gb', count: 1 },
      { gpu: 'nvidia-geforce-rtx-3060-12gb', count: 1 },
    ],
    link: 'PHB',
  },
  {
    name: 'lab-03',
    hostGib: 512,
    cpuName: 'AMD EPYC 7763',
    cpuCores: 64,
    gpus: [{ gpu: 'nvidia-a100-sxm4-80gb', count: 4 }],
    link: 'NV4',
  },
  {
    name: 'lab-04',
    hostGib: 16,
    cpuName: 'AMD Ryzen 5 7600',
    cpuCores: 6,
    gpus: [{ gpu: 'nvidia-geforce-rtx-4060-ti-16gb', count: 1 }],
  },
]

/** Four machines to plan on before the first of one's own is added; their ids begin with `sample-`. */
export const sampleLab = (): readonly Machine[] => samples.map(sampleMachine)

function sampleMachine({ name, hostGib, gpus, ...spec }: SampleSpec): Machine {
  const made = machineFromCatalogue({
    ...spec,
    id: machineId(`sample-${name}`),
    name,
    hostMemory: gibibytes(hostGib),
    gpus,
  })
  if (!made.ok) throw new Error(`the sample ${name}: ${explainCatalogueMachineIssue(made.issue)}`)
  return made.value
}
