import {
  type Bytes,
  bytes,
  type Device,
  deviceId,
  gibibytes,
  type Machine,
  machineId,
  type OperatingSystem,
} from '@berth/core'

interface StoryMachine {
  readonly name: string
  readonly gpus: readonly StoryGpu[]
  readonly hostGib: number
  readonly os?: OperatingSystem
  /** Held by others on every GPU, as a display and a browser do. */
  readonly used?: Bytes
}

interface StoryGpu {
  readonly name: string
  readonly memoryGib: number
  /** CUDA compute capability. */
  readonly architecture: string
}

/** A machine as a thread tells it: threads name cards and their size, no driver's figures. */
export const storyMachine = ({ name, gpus, hostGib, os, used = bytes(0) }: StoryMachine): Machine => ({
  id: machineId(name),
  name,
  hostMemoryTotal: gibibytes(hostGib),
  devices: gpus.map((gpu, index) => deviceOf(gpu, index, used)),
  links: [],
  ...(os && { os }),
})

const deviceOf = ({ name, memoryGib, architecture }: StoryGpu, index: number, memoryUsed: Bytes): Device => ({
  id: deviceId(`gpu-${index}`),
  index,
  name,
  backend: 'cuda',
  memoryTotal: gibibytes(memoryGib),
  memory: { reported: { bytes: gibibytes(memoryGib), provenance: 'typed' } },
  memoryUsed,
  unified: false,
  architecture,
})
