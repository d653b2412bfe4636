import type { Device, Machine } from './machine.ts'

/** A card that is cut into MIG slices runs nothing itself; a slice names its card by UUID, or by id where it has none. */
export const isCutIntoSlices = (device: Device, { devices }: Pick<Machine, 'devices'>): boolean =>
  devices.some(({ migParent }) => migParent !== undefined && (migParent === device.uuid || migParent === device.id))
