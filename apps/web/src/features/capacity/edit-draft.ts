import { bytes, deviceId, gibibytes, type Device } from '@berth/core'
import type { CatalogueGpuView, EditInput, MachineView } from '../../trpc/types.ts'

type CardInput = Extract<EditInput, { readonly kind: 'add-cards' }>['card']

export const kinds = [
  { kind: 'add-cards', label: 'Add cards', needsCards: false },
  { kind: 'replace-cards', label: 'Replace cards', needsCards: true },
  { kind: 'remove-cards', label: 'Remove a card', needsCards: true },
  { kind: 'add-host-memory', label: 'Add RAM', needsCards: false },
] as const satisfies readonly {
  readonly kind: EditInput['kind']
  readonly label: string
  readonly needsCards: boolean
}[]

/** A change as its form holds it: numbers may be missing while they are typed. */
export interface EditDraft {
  readonly kind: EditInput['kind']
  readonly count: number
  readonly gib: number
  /** As `cardValue` writes it. */
  readonly card: string
  /** A device's id, or all of them. */
  readonly place: string
}

/** No device has such an id. */
const ALL = ''

const MAX_COUNT = 32
const MAX_GIB = 4096

export const cardValue = (card: CardInput): string =>
  card.kind === 'device' ? `device ${card.device}` : `catalogue ${card.gpu}`

function cardOf(value: string): CardInput | undefined {
  const [, kind, id] = /^(device|catalogue) (.+)$/.exec(value) ?? []
  if (id === undefined) return undefined
  return kind === 'device' ? { kind, device: deviceId(id) } : { kind: 'catalogue', gpu: id }
}

/** What most people add first where there is nothing to add more of. */
const USUAL_CARD: CardInput = { kind: 'catalogue', gpu: 'nvidia-geforce-rtx-3090-24gb' }

export function firstDraft({ devices, hostMemoryTotal }: MachineView): EditDraft {
  const own = devices.find(({ unified }) => !unified)
  const card = own ? ({ kind: 'device', device: own.id } as const) : USUAL_CARD
  const gib = Math.max(1, Math.round((hostMemoryTotal ?? gibibytes(64)) / gibibytes(1)))
  return {
    kind: 'add-cards',
    count: 1,
    gib: Math.min(MAX_GIB, gib),
    card: cardValue(card),
    place: devices[0]?.id ?? ALL,
  }
}

/** The edit that a draft stands for; undefined while something is missing or out of range. */
export function editOf({ kind, count, gib, card, place }: EditDraft, { devices }: MachineView): EditInput | undefined {
  const chosen = cardOf(card)
  const places = place === ALL ? undefined : [deviceId(place)]
  switch (kind) {
    case 'add-cards':
      return chosen && isWithin(count, MAX_COUNT) ? { kind, card: chosen, count } : undefined
    case 'replace-cards':
      return chosen && devices.length > 0 ? { kind, card: chosen, ...(places && { devices: places }) } : undefined
    case 'remove-cards':
      return places && { kind, devices: places }
    case 'add-host-memory':
      return isWithin(gib, MAX_GIB) ? { kind, added: gibibytes(gib) } : undefined
  }
}

const isWithin = (value: number, most: number): boolean => Number.isInteger(value) && value >= 1 && value <= most

/** The cards that a change is about; all of them can be replaced at once. */
export function placesOf({ devices }: MachineView, kind: EditDraft['kind']) {
  const all = kind === 'replace-cards' && devices.length > 1
  return [
    ...(all ? [{ value: ALL, label: `All ${devices.length} cards` }] : []),
    ...devices.map(({ id, index, name }) => ({ value: id as string, label: `GPU ${index}: ${name}` })),
  ]
}

/** What a card is called, and how large it is; its id where nobody knows it. */
export function cardNamed(
  card: CardInput,
  { devices }: MachineView,
  gpus: readonly CatalogueGpuView[],
): Pick<Device, 'name' | 'memory' | 'memoryTotal'> {
  const device = card.kind === 'device' ? devices.find(({ id }) => id === card.device) : undefined
  if (device) return device
  const gpu = card.kind === 'catalogue' ? gpus.find(({ id }) => id === card.gpu) : undefined
  const size = bytes(Math.max(0, ...(gpu?.memoryNominal ?? [])))
  const id = card.kind === 'device' ? card.device : card.gpu
  return { name: gpu?.name ?? id, memory: {}, memoryTotal: size }
}
