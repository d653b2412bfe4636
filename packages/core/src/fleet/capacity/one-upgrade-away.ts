import type { Machine } from '../../machine/machine.ts'
import type { Tenant } from '../../placement/plan-input.ts'
import { leastHeadroom } from '../../placement/rank.ts'
import type { Reason } from '../../placement/verdict.ts'
import { bytes, type Bytes, sumBytes } from '../../units.ts'
import { type Card, sizeOf } from './card.ts'
import { type MachineEdit, whatIf } from './edit-machine.ts'
import { type Hosting, hosting } from './hosting.ts'
import { upgradeTries, type UpgradeTries } from './upgrade-tries.ts'

export interface UpgradeQuestion extends Tenant {
  /** False: only what makes it fit on GPUs alone counts. */
  readonly mayRelyOnHost: boolean
  /** What may be bought, beside more of what a machine has. */
  readonly cards: readonly Card[]
}

/** A change that was planned with, and makes it fit. */
export interface Upgrade {
  readonly edit: MachineEdit
  readonly on: 'gpus' | 'host'
  /** Left on the fullest GPU then. */
  readonly headroom: Bytes
  /** Memory that it adds in all, on cards or in the host. */
  readonly added: Bytes
}

/** Why no single upgrade helps. */
export type NoUpgrade =
  /** Whatever the memory. */
  | { readonly code: 'refused'; readonly reasons: readonly Reason[] }
  /** It comes nearest with this, and still lacks so much at least. */
  | { readonly code: 'still-short'; readonly edit: MachineEdit; readonly lacks: Bytes }
  | { readonly code: 'shares-host-memory' }
  | { readonly code: 'nothing-to-try' }

export type UpgradeAnswer =
  | { readonly state: 'hosts'; readonly on: 'gpus' | 'host'; readonly headroom: Bytes }
  /** What changes least first. */
  | { readonly state: 'upgradable'; readonly upgrades: readonly Upgrade[] }
  | { readonly state: 'out-of-reach'; readonly why: NoUpgrade }

/**
 * The least single changes that make a machine host a model as asked: one or two more of a card that it has, a larger one
 * in place of one or of all, more host memory. Each is planned with before it is offered.
 */
export function oneUpgradeAway(machine: Machine, question: UpgradeQuestion): UpgradeAnswer {
  const { mayRelyOnHost, cards, ...tenant } = question
  const now = hosting({ ...tenant, machine }, 'widest', mayRelyOnHost)
  if (now.on !== 'nowhere') return { state: 'hosts', on: now.on, headroom: leastHeadroom(now.placement) }
  const found = upgradeTries(machine, tenant.engine, cards)
    .map((tries) => (mayRelyOnHost ? tries : tries.filter(({ kind }) => kind !== 'add-host-memory')))
    .map((tries) => leastThatFits(tries, machine, question))
  const upgrades = found.flatMap(({ upgrade }) => upgrade ?? [])
  if (upgrades.length > 0) return { state: 'upgradable', upgrades: upgrades.toSorted(byChange) }
  const shorts = found.flatMap(({ nearest }) => nearest ?? [])
  return { state: 'out-of-reach', why: whyNone(machine, tenant, shorts) }
}

type Short = Extract<NoUpgrade, { readonly code: 'still-short' }>

interface Tried {
  readonly upgrade?: Upgrade
  /** Where none is enough. */
  readonly nearest?: Short
}

function leastThatFits(tries: UpgradeTries, machine: Machine, question: UpgradeQuestion): Tried {
  const { mayRelyOnHost, cards: _, ...tenant } = question
  let nearest: Short | undefined
  for (const edit of tries) {
    const edited = whatIf(machine, [edit])
    if (!edited.ok) continue
    const input = { ...tenant, machine: edited.value }
    const found = hosting(input, 'answer', mayRelyOnHost)
    if (found.on !== 'nowhere') return { upgrade: upgradeOf(edit, machine, hosting(input, 'widest', mayRelyOnHost)) }
    const { lacks } = found
    if (lacks !== undefined && lacks < (nearest?.lacks ?? Infinity)) nearest = { code: 'still-short', edit, lacks }
  }
  return nearest ? { nearest } : {}
}

function upgradeOf(edit: MachineEdit, machine: Machine, found: Hosting): Upgrade {
  if (found.on === 'nowhere') throw new Error('what fits some way fits the widest way')
  return { edit, on: found.on, headroom: leastHeadroom(found.placement), added: memoryAdded(edit, machine) }
}

/** Of all that comes to nothing, what came nearest. */
function whyNone(machine: Machine, { engine, model, request }: Tenant, shorts: readonly Short[]): NoUpgrade {
  const reasons = engine.refusals(model, machine, request)
  if (reasons.length > 0) return { code: 'refused', reasons }
  if (machine.devices.some(({ unified }) => unified)) return { code: 'shares-host-memory' }
  const [first, ...others] = shorts
  if (!first) return { code: 'nothing-to-try' }
  return others.reduce((nearest, one) => (one.lacks < nearest.lacks ? one : nearest), first)
}

/** Fewer parts first; of as many, what needs no host memory, what throws nothing out, and what adds less. */
function byChange(one: Upgrade, other: Upgrade): number {
  return (
    partsOf(one.edit) - partsOf(other.edit) ||
    Number(one.on === 'host') - Number(other.on === 'host') ||
    Number(one.edit.kind === 'replace-cards') - Number(other.edit.kind === 'replace-cards') ||
    one.added - other.added
  )
}

/** Cards put in; modules of memory count as one, however many they are. */
function partsOf(edit: MachineEdit): number {
  if (edit.kind === 'add-cards') return edit.count
  return edit.kind === 'replace-cards' ? edit.devices.length : 1
}

function memoryAdded(edit: MachineEdit, { devices }: Machine): Bytes {
  switch (edit.kind) {
    case 'add-cards':
      return bytes(edit.count * sizeOf(edit.card.product))
    case 'replace-cards': {
      const gone = sumBytes(devices.filter(({ id }) => edit.devices.includes(id)).map(sizeOf))
      return bytes(edit.devices.length * sizeOf(edit.card.product) - gone)
    }
    case 'remove-cards':
      return bytes(0)
    case 'add-host-memory':
      return edit.added
  }
}
