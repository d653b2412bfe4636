import { type DeviceId, deviceId } from '../../ids.ts'
import { productOf, type Product } from '../../machine/clone.ts'
import type { Device } from '../../machine/machine.ts'
import type { Bytes } from '../../units.ts'

/** What a card is taken after: one that the machine has, or one of the catalogue by its id there. */
export type CardOrigin =
  | { readonly kind: 'device'; readonly device: DeviceId }
  | { readonly kind: 'catalogue'; readonly gpu: string }

/** A card as it is bought: which of its kind it is, and in which slot, is still open. */
export interface Card {
  readonly origin: CardOrigin
  readonly product: Omit<Product, 'index' | 'pciBusId' | 'displayAttached' | 'migEnabled'>
}

export const cardOf = (device: Device, origin: CardOrigin): Card => {
  const { index: _index, pciBusId: _bus, displayAttached: _display, migEnabled: _mig, ...product } = productOf(device)
  return { origin, product }
}

/** Another of the same kind as one that the machine has. */
export const cardLike = (device: Device): Card => cardOf(device, { kind: 'device', device: device.id })

/** What is printed on its box, or else what a plan may use of it. */
export const sizeOf = ({ memory, memoryTotal }: Pick<Device, 'memory' | 'memoryTotal'>): Bytes =>
  memory.nominal?.bytes ?? memoryTotal

/** No device that was read or registered has such an id: the server makes those itself. */
const IMAGINED = 'imagined-gpu-'

/** Whether a device is one that nobody has: it is shown, planned with, and never stored. */
export const isImagined = (id: DeviceId): boolean => id.startsWith(IMAGINED)

/** A card put in at a place in the engine's order, beside the devices that are there. */
export function imaginedDevice({ product }: Card, index: number, beside: readonly Device[]): Device {
  const taken = new Set(beside.map(({ id }) => id))
  let number = 0
  while (taken.has(deviceId(`${IMAGINED}${number}`))) number++
  return { ...product, id: deviceId(`${IMAGINED}${number}`), index }
}
