import type { Device, Machine, MachineOverrides } from '@berth/core'
import { labelsSchema } from '../machine/labels-schema.ts'
import type { Difference } from './schema.ts'

/** What changes with the load is no change of a machine: memory in use, and the PCIe generation, which idle cards lower. */
export const isMeasurement = (path: string): boolean =>
  /(?:^|\s)(?:memoryUsed|hostMemoryUsed|pcie\.generation)$/.test(path)
/** Of what was read; plans may go by other figures. */
const READ_TOTAL = /^GPU \d+ memoryTotal$/

export const labelOf = ({ index }: Pick<Device, 'index'>): string => `GPU ${index}`

/**
 * What an import changes, without measurements. What it changes for plans is told instead of the totals that it compares:
 * those are of what was read, and a figure that is set by hand may stand above them.
 */
export const ofImport = (
  differences: readonly Difference[],
  before: readonly Device[],
  after: readonly Device[],
): readonly Difference[] => [
  ...differences.filter(({ path }) => !isMeasurement(path) && !READ_TOTAL.test(path)),
  ...ofPlans(before, after),
]

/** What plans may use of each device that is there before and after. */
export const ofPlans = (before: readonly Device[], after: readonly Device[]): readonly Difference[] =>
  after.flatMap((device) => {
    const was = before.find(({ id }) => id === device.id)?.memoryTotal
    const is = device.memoryTotal
    if (was === undefined || was === is) return []
    return [{ path: `${labelOf(device)} memoryForPlans`, before: String(was), after: String(is) }]
  })

/** A card that is cut anew is another device: what was set on the one before goes with it. */
export const ofDropped = (
  { devices }: Pick<Machine, 'devices'>,
  overrides: MachineOverrides,
  kept: ReadonlySet<string>,
): readonly Difference[] =>
  devices
    .filter(({ id }) => !kept.has(id))
    .flatMap((device) =>
      (overrides.devices.get(device.id) ?? []).map(({ figure, value }) => ({
        path: `${labelOf(device)} ${fieldOf(figure)}`,
        before: String(value),
        after: null,
      })),
    )

/** The field that a figure is: as an import names it. */
export const fieldOf = (figure: string): string => (figure.startsWith('memory.') ? `${figure}.bytes` : figure)

/** Of a machine that is new: where it comes from, and what it has. */
export const ofCreation = (machine: Machine, from: string): readonly Difference[] => [
  { path: 'origin', before: null, after: from },
  ...ofParts(machine).map(({ path, text }) => ({ path, before: null, after: text })),
]

/** Of a machine that goes: what it had. */
export const ofRemoval = (machine: Machine): readonly Difference[] =>
  ofParts(machine).map(({ path, text }) => ({ path, before: text, after: null }))

const ofParts = ({
  devices,
  hostMemoryTotal,
}: Machine): readonly { readonly path: string; readonly text: string }[] => [
  ...(hostMemoryTotal === undefined ? [] : [{ path: 'hostMemoryTotal', text: String(hostMemoryTotal) }]),
  ...devices.map((device) => ({ path: labelOf(device), text: device.name })),
]

/** What people say of a machine, as it is stored. */
export interface Said {
  readonly name: string
  readonly site: string | null
  readonly owner: string | null
  /** JSON: { key: value }. */
  readonly labels: string
  readonly maintenanceSince: Date | null
  readonly maintenanceNote: string | null
}

/** What a person changed of it: field by field, label by label. */
export function ofSaid(before: Said, after: Said): readonly Difference[] {
  const [old, now] = [flat(before), flat(after)]
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((path) => ({ path, before: old.get(path) ?? null, after: now.get(path) ?? null }))
    .filter(({ before: was, after: is }) => was !== is)
}

const flat = ({
  labels,
  maintenanceSince,
  maintenanceNote,
  name,
  site,
  owner,
}: Said): ReadonlyMap<string, string | null> =>
  new Map<string, string | null>([
    ['name', name],
    ['site', site],
    ['owner', owner],
    ['maintenance', maintenanceSince === null ? null : 'on'],
    ['maintenance note', maintenanceNote],
    ...Object.entries(labelsSchema.parse(JSON.parse(labels))).map(([key, value]) => [`label ${key}`, value] as const),
  ])
