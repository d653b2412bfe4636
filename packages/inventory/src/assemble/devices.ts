import type { Bytes, Device, DeviceId, MemoryFigures } from '@berth/core'
import { bytes, deviceId, memoryTotal } from '@berth/core'

import type { DeviceReading, SliceReading } from '../formats/format.ts'
import { defined } from '../formats/format.ts'
import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { unknownName } from '../text/card-name.ts'
import { comparePci } from '../text/figures.ts'
import { isIntegrated } from '../text/gpu-name.ts'
import type { Card } from './cards.ts'
import { known, knownSlices } from './cards.ts'

/** A device before its place in the order is final, with the card it comes from. */
export interface BuiltDevice {
  readonly device: Device
  readonly card: Card
}

/**
 * The order the engine enumerates: PCI bus order where bus ids are known, else nvidia-smi's or the tool's order; what
 * RPC servers offer comes last.
 */
function orderCards(cards: readonly Card[]): readonly Card[] {
  return cards.toSorted((a, b) => {
    const remote = Number(known(a, 'backend') === 'rpc') - Number(known(b, 'backend') === 'rpc')
    if (remote !== 0) return remote
    const [busA, busB] = [known(a, 'pciBusId'), known(b, 'pciBusId')]
    if (busA !== undefined && busB !== undefined) return comparePci(busA, busB)
    if (busA !== undefined || busB !== undefined) return busA === undefined ? 1 : -1
    const unnumbered = Number.MAX_SAFE_INTEGER
    return (known(a, 'smiIndex') ?? unnumbered) - (known(b, 'smiIndex') ?? unnumbered)
  })
}

/** What of a host its devices depend on. */
interface Host {
  readonly machineName: string
  readonly notes: Notes
  /** How much of its memory Metal may take, where that was set. */
  readonly metalLimit: Bytes | undefined
}

/** Every card as a device, MIG slices in place of their parent. */
export function buildDevices(cards: readonly Card[], host: Host): readonly BuiltDevice[] {
  const built: BuiltDevice[] = []
  for (const card of orderCards(cards)) {
    const index = built.length
    const id = cardId(card, `${host.machineName}/gpu${index}`)
    const device = buildDevice(card, { ...host, id, index })
    const slices = usableSlices(card, device, host.notes)
    if (slices.length === 0) built.push({ device, card })
    else for (const slice of slices) built.push({ device: buildSlice(device, slice, built.length), card })
  }
  return built
}

function cardId(card: Card, fallback: string): DeviceId {
  const [uuid, busId] = [known(card, 'uuid'), known(card, 'pciBusId')]
  return deviceId(uuid ?? (busId === undefined ? fallback : `pci:${busId}`))
}

interface BuildContext extends Host {
  readonly id: DeviceId
  readonly index: number
}

function buildDevice(card: Card, { id, index, notes, metalLimit }: BuildContext): Device {
  const line = card.readings[0]!.line
  const nominal = known(card, 'nominal')
  const backend = known(card, 'backend') ?? 'cuda'
  const name = deviceName(card, notes)
  const unified = known(card, 'unified') === true || isIntegrated(name)
  const memory = memoryFigures({
    nominal,
    reported: known(card, 'reported'),
    runtime: known(card, 'runtime') ?? (backend === 'metal' && unified ? metalLimit : undefined),
    driverReserved: known(card, 'driverReserved'),
  })
  const sizes = [nominal, memory.reported, memory.runtime, known(card, 'slices')]
  if (sizes.every((size) => size === undefined)) {
    notes.warn('memory-unknown', { line, detail: `${name} (${id})` })
  }
  return defined({
    id,
    index,
    name,
    backend,
    memoryTotal: memoryTotal(memory),
    memory,
    memoryUsed: known(card, 'used'),
    unified,
    uuid: known(card, 'uuid'),
    pciBusId: known(card, 'pciBusId'),
    architecture: known(card, 'architecture'),
    computeUnits: known(card, 'computeUnits'),
    pcie: mergedSlot(card.readings),
    powerLimitWatts: known(card, 'powerLimitWatts'),
    powerDefaultWatts: known(card, 'powerDefaultWatts'),
    eccEnabled: known(card, 'eccEnabled'),
    displayAttached: known(card, 'displayAttached'),
    migEnabled: known(card, 'migEnabled'),
  })
}

function deviceName(card: Card, notes: Notes): string {
  const named = card.readings.filter((reading) => reading.name !== undefined)
  const whole = named.find((reading) => reading.nameCutShort !== true) ?? named[0]
  const line = card.readings[0]!.line
  if (whole?.name === undefined) {
    notes.warn('name-unknown', { line, detail: known(card, 'uuid') ?? known(card, 'pciBusId') ?? '' })
    return unknownName
  }
  if (whole.nameCutShort === true) notes.warn('name-cut-short', { line: whole.line, detail: whole.name })
  if (whole.name.length > limits.nameCharacters) {
    notes.refuse('limit-exceeded', {
      line: whole.line,
      field: 'name',
      limit: limits.nameCharacters,
      detail: whole.name,
    })
  }
  return whole.name
}

function mergedSlot(readings: readonly DeviceReading[]): Device['pcie'] {
  const slots = readings.map((reading) => reading.pcie).filter((slot) => slot !== undefined)
  return slots.length === 0 ? undefined : slots.reduceRight((slot, better) => ({ ...slot, ...better }), {})
}

interface Sizes {
  readonly nominal: Bytes | undefined
  readonly reported: Bytes | undefined
  readonly runtime: Bytes | undefined
  readonly driverReserved: Bytes | undefined
}

function memoryFigures(sizes: Sizes): MemoryFigures {
  const measured = (size: Bytes | undefined) =>
    size === undefined ? undefined : { bytes: size, provenance: 'measured' as const }
  return defined({
    nominal: sizes.nominal === undefined ? undefined : { bytes: sizes.nominal, provenance: 'typed' as const },
    reported: measured(sizes.reported),
    runtime: measured(sizes.runtime),
    driverReserved: measured(sizes.driverReserved),
  })
}

/** A slice is planned with only when its memory is known; `-L` alone names slices without it. */
function usableSlices(card: Card, parent: Device, notes: Notes): readonly SliceReading[] {
  if (parent.migEnabled !== true) return []
  const slices = knownSlices(card)
  const line = card.readings[0]!.line
  if (slices.length === 0 || slices.some((slice) => slice.reported === undefined)) {
    notes.warn('mig-slices-unknown', { line, detail: `${parent.name} (${parent.id})` })
    return []
  }
  const instances = slices.map((slice) => slice.gpuInstance).filter((instance) => instance !== undefined)
  if (new Set(instances).size < instances.length) {
    notes.warn('mig-memory-shared', { line, detail: `${parent.name} (${parent.id})` })
  }
  return slices
}

function buildSlice(parent: Device, slice: SliceReading, index: number): Device {
  const memory = memoryFigures({
    nominal: undefined,
    reported: slice.reported,
    runtime: undefined,
    driverReserved: slice.driverReserved === bytes(0) ? undefined : slice.driverReserved,
  })
  const { id, uuid, memoryUsed: _used, powerLimitWatts: _limit, powerDefaultWatts: _default, ...shared } = parent
  return {
    ...shared,
    id: deviceId(slice.uuid ?? `${id}/mig${slice.index}`),
    index,
    name: `${parent.name} MIG ${slice.profile ?? slice.index}`,
    memoryTotal: memoryTotal(memory),
    memory,
    ...defined({ memoryUsed: slice.used, uuid: slice.uuid }),
    migParent: uuid ?? id,
  }
}
