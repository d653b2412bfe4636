import { type Backend, type Device, inEngineOrder, type Machine } from '../../machine/machine.ts'
import type { LaunchInput, ModelSource } from '../engine.ts'
import type { Launch } from '../launch.ts'
import { usedDevices } from '../visible-devices.ts'
import type { ContainerImage } from './image.ts'

/** Where the folder of the model file is mounted, read-only. */
export const MODELS = '/models'

/** A launch within a container of the engine's own image, and what the container needs from the host. */
export interface Contained {
  readonly image: string
  readonly launch: Launch
  readonly devices: readonly Device[]
  /** Folder of the host that holds the model; absent where the engine fetches it itself. */
  readonly modelFolder?: string
}

/** Undefined where the engine's makers publish no image for the backend, or a path cannot be mounted. */
export function contained(input: LaunchInput & { readonly container: ContainerImage }): Contained | undefined {
  const devices = usedDevices(input.placement, input.machine)
  const image = input.container.images[devices[0]?.backend ?? 'cpu']
  const mounted = mountedSource(input.source)
  if (image === undefined || mounted === undefined) return undefined
  const machine = seenFromInside(input.machine, devices)
  // A container has its ports to itself, however many run on the machine.
  const launch = input.container.launch({ ...input, machine, source: mounted.source, position: 0 })
  return { image, launch, devices, ...(mounted.folder !== undefined && { modelFolder: mounted.folder }) }
}

/** Only absolute paths of the host can be mounted; a file that is only named is looked for in a folder to be filled in. */
function mountedSource(source: ModelSource): { source: ModelSource; folder?: string } | undefined {
  if (source.kind === 'hub') return { source }
  const cut = source.path.lastIndexOf('/')
  const folder = cut > 0 ? source.path.slice(0, cut) : './models'
  if (/[:\0\n]/.test(folder)) return undefined
  return { source: { kind: 'path', path: `${MODELS}/${source.path.slice(cut + 1)}` }, folder }
}

/** Backends whose devices a container is given one by one, so that they are counted anew within it. */
const COUNTED_ANEW: ReadonlySet<Backend> = new Set(['cuda'])

/** Devices that have no UUID are named by position, and positions inside begin at 0. */
function seenFromInside(machine: Machine, used: readonly Device[]): Machine {
  const inBusOrder = inEngineOrder(used)
  const devices = machine.devices.map((device) => {
    const position = inBusOrder.findIndex(({ id }) => id === device.id)
    return position !== -1 && COUNTED_ANEW.has(device.backend) ? { ...device, index: position } : device
  })
  return { ...machine, devices }
}
