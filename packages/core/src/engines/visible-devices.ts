import type { Backend, Device, Machine } from '../machine/machine.ts'
import type { Placement } from '../placement/verdict.ts'
import type { Launch } from './launch.ts'

type Environment = Launch['environment']
/** What a runtime can call a device by. */
type Addressed = Pick<Device, 'backend' | 'index' | 'uuid'>

const indices = (devices: readonly Addressed[]): string => devices.map(({ index }) => index).join(',')

/** Identifiers that survive a reboot and a changed bus, when every device has one that the runtime accepts. */
const uuids = (devices: readonly Addressed[], accepted: RegExp): string | undefined =>
  devices.every(({ uuid }) => uuid !== undefined && accepted.test(uuid))
    ? devices.map(({ uuid }) => uuid).join(',')
    : undefined

/** What makes a process see these devices and no others, in this order. Devices that hold nothing stay untouched. */
const visibility = {
  // CUDA sorts by speed unless told otherwise, and then an index means another card.
  cuda: (devices) => [
    { name: 'CUDA_DEVICE_ORDER', value: 'PCI_BUS_ID' },
    { name: 'CUDA_VISIBLE_DEVICES', value: uuids(devices, /^(GPU|MIG)-[\w/-]+$/) ?? indices(devices) },
  ],
  rocm: (devices) => {
    const byUuid = uuids(devices, /^GPU-[\da-f]{16}$/i)
    return byUuid
      ? [{ name: 'ROCR_VISIBLE_DEVICES', value: byUuid }]
      : [{ name: 'HIP_VISIBLE_DEVICES', value: indices(devices) }]
  },
  vulkan: (devices) => [{ name: 'GGML_VK_VISIBLE_DEVICES', value: indices(devices) }],
  sycl: (devices) => [{ name: 'ONEAPI_DEVICE_SELECTOR', value: `level_zero:${indices(devices)}` }],
  metal: () => [],
  rpc: () => [],
} as const satisfies Record<Backend, (devices: readonly Addressed[]) => Environment>

/** Runtimes that enumerate devices in the order of the list they are given; the others keep their own. */
const FOLLOWS_LIST = {
  cuda: true,
  rocm: true,
  vulkan: true,
  sycl: false,
  metal: false,
  rpc: false,
} as const satisfies Record<Backend, boolean>

/** Whether a launch decides the order of these devices. */
export const ordersDevices = (devices: readonly Device[]): boolean =>
  devices.every(({ backend }) => FOLLOWS_LIST[backend])

export function visibleDevices(devices: readonly Addressed[]): Environment {
  const backend = devices[0]?.backend
  return backend ? visibility[backend](devices) : []
}

/** The devices of a placement in its order. Throws for one that the machine does not have, which is a bug of the caller. */
export const usedDevices = ({ split }: Placement, machine: Machine): readonly Device[] =>
  split.devices.map(({ device }) => {
    const found = machine.devices.find(({ id }) => id === device)
    if (!found) throw new Error(`the placement names device ${device}, which machine ${machine.id} does not have`)
    return found
  })
