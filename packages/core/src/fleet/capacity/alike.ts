import type { DeviceId } from '../../ids.ts'
import type { Machine } from '../../machine/machine.ts'
import { hardwareKey } from '../matrix/hardware.ts'
import type { MachineEdit } from './edit-machine.ts'

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
