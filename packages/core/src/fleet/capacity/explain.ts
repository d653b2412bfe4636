import type { DeviceId } from '../../ids.ts'
import type { Machine } from '../../machine/machine.ts'
import { explainReason, placeName } from '../../placement/explain.ts'
import { bytes, formatBytes, groupThousands } from '../../units.ts'
import { type Card, sizeOf } from './card.ts'
import type { EditGain } from './compare-edit.ts'
import type { EditIssue, EditWith } from './edit-machine.ts'
import type { NoUpgrade, Upgrade } from './one-upgrade-away.ts'

/** What of a card its name and size are read from. */
interface NamedCard {
  readonly product: Pick<Card['product'], 'name' | 'memory' | 'memoryTotal'>
}

/** What a machine would get or lose: "2 more NVIDIA GeForce RTX 3090 (24.00 GiB each)". */
export function explainEdit(edit: EditWith<NamedCard>, machine: Machine): string {
  switch (edit.kind) {
    case 'add-cards':
      return added(edit, machine)
    case 'remove-cards':
      return `Without ${placesOf(edit.devices, machine)}`
    case 'replace-cards':
      return `${cardName(edit.card)}${edit.devices.length > 1 ? ' each' : ''} in place of ${placesOf(edit.devices, machine)}`
    case 'add-host-memory': {
      const all = machine.hostMemoryTotal === undefined ? undefined : bytes(machine.hostMemoryTotal + edit.added)
      return `${formatBytes(edit.added)} more RAM${all === undefined ? '' : `, ${formatBytes(all)} in all`}`
    }
  }
}

function added(
  { card, count }: Extract<EditWith<NamedCard>, { readonly kind: 'add-cards' }>,
  machine: Machine,
): string {
  const known = machine.devices.some(({ name }) => name === card.product.name)
  const size = formatBytes(sizeOf(card.product))
  const how = count === 1 ? 'One' : groupThousands(count)
  return `${how}${known ? ' more' : ''} ${card.product.name} (${size}${count === 1 ? '' : ' each'})`
}

const cardName = ({ product }: NamedCard): string => `${product.name} (${formatBytes(sizeOf(product))})`

/** "GPU 1 (NVIDIA GeForce RTX 3060)", "all 4 GPUs", "2 of its GPUs". */
function placesOf(devices: readonly DeviceId[], machine: Machine): string {
  const [first] = devices
  if (devices.length === 1 && first !== undefined) return placeName({ kind: 'device', device: first }, machine)
  return devices.length === machine.devices.length ? `all ${devices.length} GPUs` : `${devices.length} of its GPUs`
}

/** What would make it fit, and what is left then. */
export function explainUpgrade({ edit, on, headroom }: Upgrade, machine: Machine): string {
  const where = on === 'gpus' ? 'on the GPUs' : 'with a part of it in host memory'
  return `${explainEdit(edit, machine)}: it then fits ${where}, with ${formatBytes(headroom)} to spare on the fullest GPU.`
}

/** Why a machine is more than one upgrade away: a sentence a reason. */
export function explainNoUpgrade(why: NoUpgrade, machine: Machine): readonly string[] {
  switch (why.code) {
    case 'refused':
      return why.reasons.map((reason) => explainReason(reason, machine))
    case 'still-short':
      return [
        `No single upgrade is enough. The nearest: ${explainEdit(why.edit, machine)}; it would still lack at least ${formatBytes(why.lacks)} on the fullest place.`,
      ]
    case 'shares-host-memory':
      return ['Its GPU shares the host’s memory, which is built in: nothing can be put in.']
    case 'nothing-to-try':
      return ['There is no larger card in the catalogue that could be put in, and no more of its own would be used.']
  }
}

/** Why a machine cannot be changed so. */
export function explainEditIssue(issue: EditIssue): string {
  switch (issue.code) {
    case 'unknown-device':
      return `The machine has no device ${issue.device}.`
    case 'cut-into-slices':
      return `${issue.name} is cut into MIG slices: end that first.`
    case 'shares-host-memory':
      return `${issue.name} shares the host’s memory, and neither is changed by itself.`
    case 'host-memory-unknown':
      return 'How much memory the host has is not known: say it on the machine’s page first.'
    case 'too-many-devices':
      return `A machine has ${issue.limit} GPUs at most, not ${issue.found}.`
  }
}

const gainWords = {
  'newly-on-gpus': 'Fits on GPUs now',
  'off-host': 'Needs no host memory any more',
  'newly-with-host': 'Fits with host memory now',
  'more-context': 'Holds a longer context',
  'more-room': 'Has more to spare',
  same: 'No change',
  'less-room': 'Has less to spare',
  'less-context': 'Holds a shorter context',
  'needs-host': 'Needs host memory now',
  lost: 'No longer fits',
} as const satisfies Record<EditGain, string>

export const explainGain = (gain: EditGain): string => gainWords[gain]
