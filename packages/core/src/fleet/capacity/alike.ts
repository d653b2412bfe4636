import type { DeviceId } from '../../ids.ts'
import type { Device, Machine } from '../../machine/machine.ts'
import type { MachineEdit } from './edit-machine.ts'

/**
 * Machines that every plan treats alike have equal keys: the same devices in the same order with the same memory free, and
 * the same host. What tells single cards apart is left out, and who belongs to whom is said by position.
 */
export function hardwareKey(machine: Machine): string {
  const { os, devices, links, fromCatalogue: _said, driverVersion, ...rest } = machine
  const positions = new Map(
    devices.flatMap((device, at) => [[device.id as string, at] as const, [device.uuid, at] as const]),
  )
  const at = (id: string | undefined): number | string | undefined => positions.get(id) ?? id
  const {
    hostMemoryTotal,
    hostMemoryUsed,
    hostMemoryReserved,
    hostMemoryReservedWhenRead,
    hostMemoryBandwidthBytesPerSecond,
    cpuName,
    cpuCores,
  } = rest
  const host = [os, driverVersion, hostMemoryTotal, hostMemoryUsed, hostMemoryReserved, hostMemoryReservedWhenRead]
  return JSON.stringify([
    ...host,
    ...[hostMemoryBandwidthBytesPerSecond, cpuName, cpuCores],
    devices.map((device) => plainDevice(device, at)),
    links.map(({ from, to, ...link }) => ({ ...link, from: at(from), to: at(to) })),
  ])
}

/** Written with its fields in one order, whoever made it. */
function plainDevice(device: Device, at: (id: string | undefined) => number | string | undefined) {
  const { id: _id, uuid: _uuid, pciBusId: _bus, fromCatalogue: _said, migParent, ...facts } = device
  const parent = at(migParent)
  return [parent, ...Object.entries(facts).toSorted(([left], [right]) => (left < right ? -1 : 1))]
}

/** Machines with what is to be said of them, each kind of hardware judged once, when the next is asked for. */
export function* judgedOnce<Judged extends Machine, Answer>(
  machines: readonly Judged[],
  judge: (machine: Judged) => Answer,
): Generator<{ readonly machine: Judged; readonly alike: Judged; readonly answer: Answer }, void, void> {
  const known = new Map<string, { readonly alike: Judged; readonly answer: Answer }>()
  for (const machine of machines) {
    const key = hardwareKey(machine)
    const found = known.get(key) ?? { alike: machine, answer: judge(machine) }
    known.set(key, found)
    yield { machine, ...found }
  }
}

/** An edit of a machine as one of another that is alike: devices that stand at the same place in both stand for each other. */
export function editOnTwin(edit: MachineEdit, machine: Machine, twin: Machine): MachineEdit {
  const onTwin = (id: DeviceId): DeviceId => twin.devices[machine.devices.findIndex((one) => one.id === id)]?.id ?? id
  const devices = 'devices' in edit && { devices: edit.devices.map(onTwin) }
  if (!('card' in edit)) return { ...edit, ...devices }
  const { origin } = edit.card
  const card =
    origin.kind === 'device' ? { ...edit.card, origin: { ...origin, device: onTwin(origin.device) } } : edit.card
  return { ...edit, ...devices, card }
}
