import type { Device, Machine } from '../../machine/machine.ts'

/** Machines that no plan tells apart: the same devices, links and memory, as full. */
export interface Hardware {
  /** The first of them stands for all. */
  readonly machine: Machine
  /** Positions of all of them in the list that was given, ascending. */
  readonly machines: readonly number[]
}

/** Every hardware once, in the order in which it first appears. */
export function distinctHardware(machines: readonly Machine[]): readonly Hardware[] {
  const known = new Map<string, { readonly machine: Machine; readonly machines: number[] }>()
  machines.forEach((machine, position) => {
    const key = hardwareKey(machine)
    const alike = known.get(key)
    if (alike) alike.machines.push(position)
    else known.set(key, { machine, machines: [position] })
  })
  return [...known.values()]
}

/**
 * Equal where plans, speeds and figures are: everything that is known of a machine but what identifies it, its parts or
 * its software. Devices are named by their place in the list.
 */
export function hardwareKey(machine: Machine): string {
  const { id: _id, name: _name, cpuName: _cpu, driverVersion: _driver, networkInterfaces: _nics, ...facts } = machine
  const places = new Map(machine.devices.map((device, place) => [device.id, place]))
  const cards = new Map(machine.devices.map((device, place) => [device.uuid, place]))
  const { os, cpuCores, hostMemoryTotal, hostMemoryUsed, hostMemoryReserved, hostMemoryReservedWhenRead } = facts
  return JSON.stringify([
    [os, cpuCores, hostMemoryTotal, hostMemoryUsed, hostMemoryReserved, hostMemoryReservedWhenRead],
    facts.hostMemoryBandwidthBytesPerSecond,
    machine.devices.map((device) => deviceFacts(device, cards)),
    machine.links.map(({ from, to, ...link }) => ({ ...link, from: places.get(from), to: places.get(to) })),
  ])
}

function deviceFacts(device: Device, cards: ReadonlyMap<string | undefined, number>): object {
  const { id: _id, uuid, pciBusId: _bus, migParent, powerLimitWatts: _watts, ...facts } = device
  return { ...facts, hasUuid: uuid !== undefined, parent: migParent === undefined ? undefined : cards.get(migParent) }
}
