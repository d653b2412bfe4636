import type { Device, Machine } from '../../machine/machine.ts'
import type { RunSettings } from '../../memory/settings.ts'
import type { Model } from '../../model/model.ts'
import { decide } from '../../placement/decide.ts'
import type { DeviceGroup } from '../../placement/device-groups.ts'
import type { LayerSplit, Placement } from '../../placement/verdict.ts'
import type { PackDemand } from './problem.ts'
import { likenessOf } from './room.ts'

/** A placement without the names of its devices: it is the same on all hardware that is alike. */
export interface Template {
  readonly settings: RunSettings
  readonly split: Omit<LayerSplit, 'devices'>
  /** In the order of the split. */
  readonly parts: readonly {
    /** Position in the set that was planned on. */
    readonly at: number
    readonly layers: number
    readonly bytes: number
  }[]
  /** Needed of the host, without what devices take that share its memory. */
  readonly host: number
}

/** What was planned before, by model, then by run and hardware; undefined where nothing fits. */
export type PackMemo = Map<Model, Map<string, Template | undefined>>

export interface Planning {
  readonly demand: PackDemand
  readonly machine: Machine
  readonly memo: PackMemo
}

/** The roomiest placement on these devices of a machine and no others; it may leave some of them out. */
export function templateOn({ demand, machine, memo }: Planning, devices: DeviceGroup): Template | undefined {
  const { model, engine, request, mayRelyOnHost } = demand
  const known = memo.get(model) ?? new Map<string, Template | undefined>()
  memo.set(model, known)
  const key = planningKey(demand, machine, devices)
  if (known.has(key)) return known.get(key)
  const input = { model, engine, request, machine: { ...machine, devices } }
  const decision = decide(input, { compare: 'widest', mayRelyOnHost })
  const best = decision.fits ? decision.accepted[0] : undefined
  const template = best && templateOf(best, devices)
  known.set(key, template)
  return template
}

function templateOf({ settings, split: { devices: used, ...split }, memory }: Placement, set: DeviceGroup): Template {
  const needOf = (device: Device): number =>
    memory.find(({ place }) => place.kind === 'device' && place.device === device.id)?.required ?? 0
  const parts = used.map(({ device, layers }) => {
    const at = set.findIndex(({ id }) => id === device)
    return { at, layers, bytes: needOf(set[at]!) }
  })
  return { settings, split, parts, host: memory.find(({ place }) => place.kind === 'host')?.required ?? 0 }
}

/** All that a plan on these devices depends on, but the model. */
function planningKey(demand: PackDemand, machine: Machine, devices: DeviceGroup): string {
  const { engine, request, mayRelyOnHost } = demand
  const { os, hostMemoryTotal, hostMemoryUsed, hostMemoryReserved, hostMemoryReservedWhenRead } = machine
  return JSON.stringify([
    ...[engine.id, engine.version, request, mayRelyOnHost, os],
    ...[hostMemoryTotal, hostMemoryUsed, hostMemoryReserved, hostMemoryReservedWhenRead],
    devices.map((device) => [
      ...[likenessOf(device), device.memoryUsed, device.memoryReserved, device.memoryReservedWhenRead],
      request.deviceMargins?.[device.index],
    ]),
  ])
}
