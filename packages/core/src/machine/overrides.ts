import { type DeviceId, deviceId } from '../ids.ts'
import { bytes } from '../units.ts'
import {
  type DeviceFigure,
  deviceFigures,
  type FigureValue,
  type MachineFigure,
  machineFigures,
  type SettableFigure,
} from './figures.ts'
import type { Device, Machine, MemoryFigures } from './machine.ts'
import { memoryTotal } from './memory-total.ts'

/** A figure that a person has set against what was read, and why. */
export interface Override<Figure extends string> {
  readonly figure: Figure
  readonly value: FigureValue
  readonly reason: string
  /** RFC 3339, UTC. */
  readonly setAt: string
  /** What was read when it was set; null where nothing was. */
  readonly was: FigureValue | null
}

/** Of one machine. A device that is not there now keeps its own until it is back. */
export interface MachineOverrides {
  readonly machine: readonly Override<MachineFigure>[]
  readonly devices: ReadonlyMap<DeviceId, readonly Override<DeviceFigure>[]>
}

export const noOverrides: MachineOverrides = { machine: [], devices: new Map() }

/**
 * The machine as it is planned on: a figure that is set stands for what was read, counts as typed, and what a plan may
 * use is worked out of the figures that then hold. Without an override it is the machine as it was read.
 */
export function withOverrides(machine: Machine, { machine: set, devices }: MachineOverrides): Machine {
  const own = set.reduce((changed, { figure, value }) => put(changed, machineFigures[figure], value), machine)
  const typed = withoutMarks(own, set)
  if (devices.size === 0) return typed
  return { ...typed, devices: typed.devices.map((device) => deviceWith(device, devices.get(device.id) ?? [])) }
}

function deviceWith(device: Device, set: readonly Override<DeviceFigure>[]): Device {
  if (set.length === 0) return device
  const changed = set.reduce((before, { figure, value }) => put(before, deviceFigures[figure], value), device)
  return { ...withoutMarks(changed, set), memoryTotal: totalOf(device, changed, set) }
}

/** A total that stands on no figure, as one that was typed with the machine, is kept while none of them is set. */
function totalOf(device: Device, changed: Device, set: readonly Override<DeviceFigure>[]): Device['memoryTotal'] {
  const touched = set.filter(({ figure }) => figure.startsWith('memory.'))
  if (touched.length === 0) return device.memoryTotal
  if (touched.some(({ figure }) => figure !== 'memory.policyReserved')) return memoryTotal(changed.memory)
  const reserveOf = ({ policyReserved }: MemoryFigures): number => policyReserved?.bytes ?? 0
  return bytes(Math.max(0, device.memoryTotal + reserveOf(device.memory) - reserveOf(changed.memory)))
}

function put<Subject>(subject: Subject, figure: SettableFigure<Subject>, value: FigureValue): Subject {
  switch (figure.kind) {
    case 'number':
      return typeof value === 'number' ? figure.write(subject, value) : subject
    case 'flag':
      return typeof value === 'boolean' ? figure.write(subject, value) : subject
    case 'text':
      return typeof value === 'string' ? figure.write(subject, value) : subject
  }
}

/** A figure that is set is not the catalogue's. */
function withoutMarks<Subject extends { readonly fromCatalogue?: readonly string[] }>(
  subject: Subject,
  set: readonly { readonly figure: string }[],
): Subject {
  const { fromCatalogue, ...rest } = subject
  if (fromCatalogue === undefined || set.length === 0) return subject
  const typed = new Set(set.map(({ figure }) => figure.split('.')[0]))
  const left = fromCatalogue.filter((figure) => !typed.has(figure))
  return (left.length === 0 ? rest : { ...rest, fromCatalogue: left }) as Subject
}

/** A figure of one device as it stands; undefined where nobody knows it. */
export const deviceFigureOf = (device: Device, figure: DeviceFigure): FigureValue | undefined =>
  deviceFigures[figure].read(device)

export const machineFigureOf = (machine: Machine, figure: MachineFigure): FigureValue | undefined =>
  machineFigures[figure].read(machine)

/** Whether something else was read since it was set: the override then hides news. */
export const hidesNewer = ({ was }: Pick<Override<string>, 'was'>, read: FigureValue | undefined): boolean =>
  read !== undefined && read !== was

/**
 * What is set on a machine, for one of the same build whose devices have other ids, in the same order. Its reasons hold
 * there as well.
 */
export function overridesForClone(
  { machine, devices }: MachineOverrides,
  [from, to]: readonly [readonly Device[], readonly Device[]],
): MachineOverrides {
  const cloned = from.flatMap(({ id }, at) => {
    const set = devices.get(id)
    return set === undefined ? [] : [[deviceId(to[at]!.id), set] as const]
  })
  return { machine, devices: new Map(cloned) }
}
