import type { Device } from './machine.ts'

type Identity = Pick<Device, 'id' | 'uuid' | 'migParent'>

/** A card that is cut into MIG slices runs nothing itself; a slice names its card by UUID, or by id where it has none. */
export const isCutIntoSlices = (device: Identity, { devices }: { readonly devices: readonly Identity[] }): boolean =>
  devices.some(({ migParent }) => migParent !== undefined && (migParent === device.uuid || migParent === device.id))
