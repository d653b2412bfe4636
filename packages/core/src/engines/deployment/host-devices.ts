import type { Device } from '../../machine/machine.ts'
import type { YamlValue } from '../yaml.ts'

/** What gives a Compose service its GPUs: NVIDIA's by UUID through its container runtime, others by their device nodes. */
export function hostDevices(devices: readonly Device[]): { readonly [key: string]: YamlValue } {
  const backend = devices[0]?.backend
  if (backend === 'cuda') {
    const device = { driver: 'nvidia', device_ids: devices.map(nvidiaId), capabilities: ['gpu'] }
    return { deploy: { resources: { reservations: { devices: [device] } } } }
  }
  if (backend === 'rocm') {
    return { devices: ['/dev/kfd:/dev/kfd', '/dev/dri:/dev/dri'], group_add: ['video', 'render'] }
  }
  return backend === 'vulkan' || backend === 'sycl' ? { devices: ['/dev/dri:/dev/dri'] } : {}
}

/** NVIDIA's container runtime takes UUIDs or positions. */
export const nvidiaId = ({ uuid, index }: Device): string => uuid ?? String(index)
