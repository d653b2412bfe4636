import type { Bytes, Device, Machine } from '@berth/core'
import { bytes, memoryTotal } from '@berth/core'

import type { CardObservation, HostObservation, LoadedModel } from './formats/format.ts'
import { defined } from './formats/format.ts'
import { withPaths } from './observe-paths.ts'

export interface ObservedMachines {
  /** All that were given, in their order; one of which nothing new was observed is the same object. */
  readonly machines: readonly Machine[]
  /** What was observed of hosts and cards that are none of the machines'. */
  readonly unmatched: readonly HostObservation[]
}

/**
 * Brings known machines up to date: `memoryUsed` of devices with what monitors measured, and the paths and the network of
 * the machine of the host's name. Never makes a device, removes one or changes another figure. A card is known by its UUID
 * on any machine, else by bus id or number on the machine of the host's name.
 */
export function observeMachines(
  machines: readonly Machine[],
  observations: readonly HostObservation[],
): ObservedMachines {
  const used = new Map<Device, Bytes>()
  const seen = new Map<Machine, Machine>()
  const all = machines.flatMap((machine) => machine.devices)
  const unmatched = observations.flatMap((observation) => {
    const host = machines.find((machine) => machine.name.toLowerCase() === observation.hostName?.toLowerCase())
    const cards = observation.cards.filter((card) => {
      const device = findDevice(card, all, host)
      if (device === undefined && isCutUp(card, all)) return false
      if (device === undefined || !fitsOn(device, card.used)) return true
      used.set(device, card.used)
      return false
    })
    const unplaced = observation.models !== undefined && !placeModels(observation.models, host, used)
    const { models, paths, networkInterfaces, ...rest } = observation
    const linked = host && withPaths(seen.get(host) ?? host, observation)
    if (host && linked) seen.set(host, linked)
    const left = linked ? {} : defined({ paths, networkInterfaces })
    if (cards.length === 0 && !unplaced && Object.keys(left).length === 0) return []
    return [{ ...rest, cards, ...(unplaced && models !== undefined ? { models } : {}), ...left }]
  })
  return { machines: machines.map((machine) => withUsed(seen.get(machine) ?? machine, used)), unmatched }
}

function findDevice(card: CardObservation, all: readonly Device[], host: Machine | undefined): Device | undefined {
  if (card.migProfile !== undefined) return findSlice(card, all)
  const byUuid = all.find((device) => card.uuid !== undefined && device.uuid === card.uuid)
  if (byUuid !== undefined) return byUuid
  const whole = (host?.devices ?? []).filter(
    (device) => device.migParent === undefined && (device.uuid === undefined || card.uuid === undefined),
  )
  const byBus = whole.find((device) => card.pciBusId !== undefined && device.pciBusId === card.pciBusId)
  if (byBus !== undefined || card.index === undefined) return byBus
  const ofBackend = (host?.devices ?? []).filter((device) => device.backend === card.backend)
  const numbered = ofBackend.some((device) => device.migParent !== undefined) ? undefined : ofBackend[card.index]
  const contradicts = card.pciBusId !== undefined && numbered?.pciBusId !== undefined
  return numbered !== undefined && whole.includes(numbered) && !contradicts ? numbered : undefined
}

/** Monitors number GPU instances, which no inventory prints: the profile names a slice where the card has one of it. */
function findSlice({ uuid, migProfile }: CardObservation, devices: readonly Device[]): Device | undefined {
  const slices = devices.filter(
    (device) => device.migParent === uuid && uuid !== undefined && device.name.endsWith(` MIG ${migProfile ?? ''}`),
  )
  return slices.length === 1 ? slices[0] : undefined
}

/** What all slices of a card hold together is no slice's figure. */
const isCutUp = ({ uuid, migProfile }: CardObservation, all: readonly Device[]): boolean =>
  uuid !== undefined && migProfile === undefined && all.some((device) => device.migParent === uuid)

/** More than the card has is another card's figure. */
function fitsOn(device: Device, used: Bytes): boolean {
  const total = device.memory.reported?.bytes ?? device.memory.runtime?.bytes ?? memoryTotal(device.memory)
  return total === 0 || used <= total
}

/**
 * Models of one engine tell how much they hold on all devices together: with one device that is a lower bound of what
 * is used there, and a figure below it is out of date. With several, nothing is known of each.
 */
function placeModels(models: readonly LoadedModel[], host: Machine | undefined, used: Map<Device, Bytes>): boolean {
  const local = (host?.devices ?? []).filter((device) => device.backend !== 'rpc')
  const device = local[0]
  if (device === undefined || local.length > 1) return false
  const held = bytes(models.reduce((sum, model) => sum + model.sizeOnDevices, 0))
  if (!fitsOn(device, held)) return false
  const before = used.get(device) ?? device.memoryUsed
  if (held > (before ?? 0)) used.set(device, held)
  return true
}

function withUsed(machine: Machine, used: ReadonlyMap<Device, Bytes>): Machine {
  const differs = (device: Device) => used.has(device) && used.get(device) !== device.memoryUsed
  if (!machine.devices.some(differs)) return machine
  const devices = machine.devices.map((device) => {
    const memoryUsed = used.get(device)
    return memoryUsed === undefined ? device : { ...device, memoryUsed }
  })
  return { ...machine, devices }
}
