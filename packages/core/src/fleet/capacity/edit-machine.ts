import type { DeviceId } from '../../ids.ts'
import { type Device, inEngineOrder, type Machine } from '../../machine/machine.ts'
import { isCutIntoSlices } from '../../machine/mig.ts'
import { fail, ok, type Result } from '../../result.ts'
import { type Bytes, bytes } from '../../units.ts'
import { type Card, imaginedDevice } from './card.ts'

/** One change of what a machine is built of. */
export type EditWith<SomeCard> =
  | { readonly kind: 'add-cards'; readonly card: SomeCard; readonly count: number }
  | { readonly kind: 'remove-cards'; readonly devices: readonly DeviceId[] }
  | { readonly kind: 'replace-cards'; readonly devices: readonly DeviceId[]; readonly card: SomeCard }
  | { readonly kind: 'add-host-memory'; readonly added: Bytes }

export type MachineEdit = EditWith<Card>

/** Why a machine cannot be changed so. */
export type EditIssue =
  | { readonly code: 'unknown-device'; readonly device: DeviceId }
  | { readonly code: 'cut-into-slices'; readonly name: string }
  /** Its memory is the machine's: it is neither put in nor taken out, and grows with nothing. */
  | { readonly code: 'shares-host-memory'; readonly name: string }
  | { readonly code: 'host-memory-unknown' }
  | { readonly code: 'too-many-devices'; readonly found: number; readonly limit: number }

/** As many as the readers take of one machine. */
export const MAX_EDITED_DEVICES = 128

/**
 * A machine as it would be after these edits, one after the other. Cards put in hold nothing, are joined by no link that
 * anybody knows, and come last in the engine's order, or where the card was whose place they take.
 */
export function whatIf<Edited extends Machine>(
  machine: Edited,
  edits: readonly MachineEdit[],
): Result<Edited, EditIssue> {
  let edited = machine
  for (const edit of edits) {
    const issue = issueOf(edited, edit)
    if (issue) return fail(issue)
    edited = { ...edited, ...applied(edited, edit) }
  }
  return ok(edited)
}

function issueOf(machine: Machine, edit: MachineEdit): EditIssue | undefined {
  switch (edit.kind) {
    case 'add-cards': {
      const found = machine.devices.length + edit.count
      if (found > MAX_EDITED_DEVICES) return { code: 'too-many-devices', found, limit: MAX_EDITED_DEVICES }
      return sharing(edit.card.product)
    }
    case 'remove-cards':
      return removalIssue(machine, edit.devices)
    case 'replace-cards':
      return removalIssue(machine, edit.devices) ?? sharing(edit.card.product)
    case 'add-host-memory': {
      const shared = machine.devices.map(sharing).find((issue) => issue !== undefined)
      return shared ?? (machine.hostMemoryTotal === undefined ? { code: 'host-memory-unknown' } : undefined)
    }
  }
}

function removalIssue(machine: Machine, devices: readonly DeviceId[]): EditIssue | undefined {
  for (const id of devices) {
    const device = machine.devices.find((one) => one.id === id)
    if (!device) return { code: 'unknown-device', device: id }
    if (device.migParent !== undefined || isCutIntoSlices(device, machine)) {
      return { code: 'cut-into-slices', name: device.name }
    }
    const shared = sharing(device)
    if (shared) return shared
  }
  return undefined
}

const sharing = ({ unified, name }: Pick<Device, 'unified' | 'name'>): EditIssue | undefined =>
  unified ? { code: 'shares-host-memory', name } : undefined

function applied(machine: Machine, edit: MachineEdit): Partial<Pick<Machine, 'devices' | 'links' | 'hostMemoryTotal'>> {
  switch (edit.kind) {
    case 'add-cards':
      return { devices: withCards(machine.devices, edit.card, edit.count) }
    case 'remove-cards':
      return withDevices(
        machine,
        machine.devices.filter(({ id }) => !edit.devices.includes(id)),
      )
    case 'replace-cards':
      return withDevices(machine, replaced(machine.devices, edit.card, new Set(edit.devices)))
    case 'add-host-memory':
      return { hostMemoryTotal: bytes((machine.hostMemoryTotal ?? 0) + edit.added) }
  }
}

function withCards(devices: readonly Device[], card: Card, count: number): readonly Device[] {
  const all = [...devices]
  let next = Math.max(-1, ...all.map(({ index }) => index)) + 1
  for (let added = 0; added < count; added++) all.push(imaginedDevice(card, next++, all))
  return all
}

function replaced(devices: readonly Device[], card: Card, gone: ReadonlySet<DeviceId>): readonly Device[] {
  const all = [...devices]
  for (const [at, { id, index }] of devices.entries()) if (gone.has(id)) all[at] = imaginedDevice(card, index, all)
  return all
}

/** Counted anew without gaps, as drivers do, and without the links of what is gone. */
function withDevices({ links }: Machine, devices: readonly Device[]): Pick<Machine, 'devices' | 'links'> {
  const left = new Set(devices.map(({ id }) => id))
  return {
    devices: inEngineOrder(devices).map((device, index) => ({ ...device, index })),
    links: links.filter(({ from, to }) => left.has(from) && left.has(to)),
  }
}
