declare const brand: unique symbol

type Id<Noun extends string> = string & { readonly [brand]: Noun }

export type MachineId = Id<'machine'>
export type DeviceId = Id<'device'>
export type ModelId = Id<'model'>
export type ReservationId = Id<'reservation'>

export const machineId = (text: string): MachineId => text as MachineId
export const deviceId = (text: string): DeviceId => text as DeviceId
export const modelId = (text: string): ModelId => text as ModelId
export const reservationId = (text: string): ReservationId => text as ReservationId
