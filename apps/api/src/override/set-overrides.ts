import {
  checkOverride,
  type Device,
  type DeviceFigure,
  deviceFigureOf,
  type DeviceId,
  explainOverrideIssue,
  explainOverrideRefusal,
  type FigureValue,
  isMachineFigure,
  type Machine,
  type MachineFigure,
  machineFigureOf,
  type MachineOverrides,
  overrideRefusal,
  withOverrides,
} from '@berth/core'
import type { z } from 'zod'
import { ApiError, notFound } from '../errors.ts'
import { fieldOf, labelOf, ofPlans } from '../history/differences.ts'
import type { Difference } from '../history/schema.ts'
import type { setOverridesInput } from './schema.ts'

export type OverrideRequest = Pick<z.output<typeof setOverridesInput>, 'set' | 'remove' | 'reason'>

type Target = OverrideRequest['remove'][number]

/** A machine as it was read, with what is set on it. */
export interface Overridable {
  readonly read: Machine
  readonly missing: readonly Device[]
  readonly overrides: MachineOverrides
}

export interface Overridden {
  readonly overrides: MachineOverrides
  readonly differences: readonly Difference[]
}

/**
 * What is set once a request is carried out, and what that changes; all of it or nothing.
 *
 * @throws {ApiError} `not-found` for a device that is not there, `invalid-input` naming the figure that cannot be set.
 */
export function override(before: Overridable, request: OverrideRequest, setAt: string): Overridden {
  refuseTwice(request)
  let { overrides } = before
  request.set.forEach((entry, at) => {
    checkEntry(before.read, entry, at)
    overrides = put(overrides, entry, { ...entry, was: readingOf(before.read, entry), reason: request.reason!, setAt })
  })
  for (const entry of request.remove) overrides = put(overrides, entry, undefined)
  return { overrides, differences: differencesOf(before, overrides, [...request.set, ...request.remove]) }
}

function refuseTwice({ set, remove }: OverrideRequest): void {
  const seen = new Set<string>()
  for (const [list, entries] of Object.entries({ set, remove })) {
    entries.forEach(({ deviceId, figure }: Target, at: number) => {
      const key = JSON.stringify([deviceId, figure])
      if (seen.has(key)) throw invalid(`${list}[${at}].figure`, 'is named twice')
      seen.add(key)
    })
  }
}

function checkEntry(read: Machine, { deviceId, figure, value }: OverrideRequest['set'][number], at: number): void {
  if (isMachineFigure(figure) !== (deviceId === null)) {
    throw invalid(
      `set[${at}].deviceId`,
      deviceId === null ? `must name the device of ${figure}` : `goes with no ${figure}`,
    )
  }
  if (deviceId !== null && !isMachineFigure(figure)) {
    const device = read.devices.find(({ id }) => id === deviceId)
    if (device === undefined) throw notFound('device', deviceId)
    if (overrideRefusal(device, read, figure)) throw invalid(`set[${at}].figure`, explainOverrideRefusal)
  }
  const checked = checkOverride(figure, value)
  if (!checked.ok) throw invalid(`set[${at}].value`, explainOverrideIssue(checked.issue))
}

const invalid = (path: string, message: string): ApiError =>
  new ApiError('invalid-input', `${path}: ${message}`, { fields: [{ path, message }] })

interface Entry {
  readonly value: FigureValue
  readonly was: FigureValue | null
  readonly reason: string
  readonly setAt: string
}

/** One figure set, or no longer set where there is no entry. What is set to the same for the same reason stays as it is. */
function put(
  { machine, devices }: MachineOverrides,
  { deviceId, figure }: Target,
  entry: Entry | undefined,
): MachineOverrides {
  if (isMachineFigure(figure)) return { machine: replaced(machine, figure, entry), devices }
  if (deviceId === null) return { machine, devices }
  return { machine, devices: new Map([...devices, [deviceId, replaced(devices.get(deviceId) ?? [], figure, entry)]]) }
}

function replaced<Figure extends string>(
  set: readonly (Entry & { readonly figure: Figure })[],
  figure: Figure,
  entry: Entry | undefined,
): readonly (Entry & { readonly figure: Figure })[] {
  const others = set.filter((one) => one.figure !== figure)
  if (entry === undefined) return others
  const old = set.find((one) => one.figure === figure)
  const { value, was, reason, setAt } = entry
  const same = old?.value === value && old.reason === reason && old.was === was
  return same ? set : [...others, { figure, value, reason, setAt, was }]
}

const readingOf = (read: Machine, { deviceId, figure }: Target): FigureValue | null =>
  valueOf(read, deviceId, figure) ?? null

function valueOf(
  machine: Machine,
  deviceId: DeviceId | null,
  figure: DeviceFigure | MachineFigure,
): FigureValue | undefined {
  if (isMachineFigure(figure)) return machineFigureOf(machine, figure)
  const device = machine.devices.find(({ id }) => id === deviceId)
  return device && deviceFigureOf(device, figure)
}

function differencesOf(
  before: Overridable,
  after: MachineOverrides,
  touched: readonly Target[],
): readonly Difference[] {
  const [old, now] = [withOverrides(before.read, before.overrides), withOverrides(before.read, after)]
  const figures = touched.flatMap((target) => {
    const path = pathOf(before, target)
    const [was, is] = [old, now].map((machine) => valueOf(machine, target.deviceId, target.figure))
    const [why, because] = [before.overrides, after].map((overrides) => reasonOf(overrides, target))
    if (why === because && was === is) return []
    return [{ path, before: text(was), after: text(is) }]
  })
  return [...figures, ...ofPlans(old.devices, now.devices)]
}

function reasonOf({ machine, devices }: MachineOverrides, { deviceId, figure }: Target): string | undefined {
  const set: readonly { readonly figure: string; readonly reason: string; readonly setAt: string }[] =
    deviceId === null ? machine : (devices.get(deviceId) ?? [])
  const found = set.find((one) => one.figure === figure)
  return found && `${found.setAt} ${found.reason}`
}

const text = (value: FigureValue | undefined): string | null => (value === undefined ? null : String(value))

/** As an import names it: "GPU 0 memory.reported.bytes". */
function pathOf({ read, missing }: Overridable, { deviceId, figure }: Target): string {
  const field = fieldOf(figure)
  if (deviceId === null) return field
  const device = [...read.devices, ...missing].find(({ id }) => id === deviceId)
  return `${device === undefined ? deviceId : labelOf(device)} ${field}`
}
