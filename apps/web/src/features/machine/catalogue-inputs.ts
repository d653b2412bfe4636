import { gibibytes } from '@berth/core'
import type { CatalogueGpuView, NewMachineInput } from '../../trpc/types.ts'
import { largestNominal, suggestedName } from '../catalogue/gpu-figures.ts'

export interface ChosenGpu {
  readonly gpu: CatalogueGpuView
  readonly count: number
}

/** The form as it is filled in; texts may be empty. */
export interface CatalogueInputs {
  readonly chosen: readonly ChosenGpu[]
  /** Left out: what the GPUs suggest. */
  readonly name?: string
  /** GiB. */
  readonly memory: string
  readonly cpuName: string
  readonly cpuCores: string
  readonly link: string
}

export const emptyInputs: CatalogueInputs = { chosen: [], memory: '', cpuName: '', cpuCores: '', link: '' }

/** nvidia-smi's classes of paths, nearest first, in words. */
export const linkOptions = [
  { value: '', label: 'Not known' },
  { value: 'NV4', label: 'NVLink, 4 links (NV4)' },
  { value: 'NV12', label: 'NVLink, 12 links (NV12)' },
  { value: 'NV18', label: 'NVLink, 18 links (NV18)' },
  { value: 'PIX', label: 'One PCIe switch (PIX)' },
  { value: 'PXB', label: 'Several PCIe switches (PXB)' },
  { value: 'PHB', label: 'The processor’s PCIe (PHB)' },
  { value: 'NODE', label: 'Within a NUMA node (NODE)' },
  { value: 'SYS', label: 'Across sockets (SYS)' },
] as const

/** One more of a GPU. Of one that shares the machine’s memory its largest size is what is asked for at first. */
export function withGpu(inputs: CatalogueInputs, gpu: CatalogueGpuView): CatalogueInputs {
  const known = inputs.chosen.some((one) => one.gpu.id === gpu.id)
  const chosen = known
    ? inputs.chosen.map((one) => (one.gpu.id === gpu.id ? { ...one, count: one.count + 1 } : one))
    : [...inputs.chosen, { gpu, count: 1 }]
  const memory = gpu.unified && inputs.memory === '' ? String(largestNominal(gpu) / gibibytes(1)) : inputs.memory
  return { ...inputs, chosen, memory }
}

export function withCount(inputs: CatalogueInputs, id: string, count: number): CatalogueInputs {
  const chosen = inputs.chosen
    .map((one) => (one.gpu.id === id ? { ...one, count } : one))
    .filter((one) => one.count > 0)
  return { ...inputs, chosen }
}

export const nameOf = ({ name, chosen }: CatalogueInputs): string => name ?? suggestedName(chosen)

/** What the API is asked to register. */
export function newMachineOf(inputs: CatalogueInputs): NewMachineInput {
  const { chosen, memory, cpuName, cpuCores, link } = inputs
  const cpu = { ...(cpuName.trim() && { name: cpuName.trim() }), ...(cpuCores && { cores: Number(cpuCores) }) }
  const cards = chosen.reduce((sum, { count }) => sum + count, 0)
  return {
    name: nameOf(inputs).trim(),
    gpus: chosen.map(({ gpu, count }) => ({ gpu: gpu.id, count })),
    ...(memory && { hostMemoryBytes: gibibytes(Number(memory)) }),
    ...(Object.keys(cpu).length > 0 && { cpu }),
    ...(link && cards > 1 && { link }),
  }
}
