import { explainCost, explainRemedy } from '../../placement/explain.ts'
import { type Bytes, bytes, formatBytes } from '../../units.ts'
import type { DriftCode, DriftFinding, Named } from './drift.ts'
import type { Repair } from './repair.ts'
import type { DriftSeverity } from './severity.ts'

type Of<Code> = Extract<DriftFinding, { readonly code: Code }>
type Sentences = { readonly [Code in DriftCode]: (finding: Of<Code>) => string }

/** What has changed under a plan, as a sentence with its numbers. */
export function explainDrift<Code extends DriftCode>(finding: Of<Code>): string {
  return (sentences[finding.code] as (one: Of<Code>) => string)(finding)
}

/** What a severity says of a plan or a reservation. */
export const driftSeverityWords = {
  breaks: 'What it relied on is gone or too small now: it cannot start as it was made.',
  'may-break': 'What it relied on is another now: it may not start as it was made.',
  info: 'What it relied on has changed, and it holds as it was made.',
} as const satisfies Record<DriftSeverity, string>

/** How a plan is brought back, as a sentence. */
export function explainRepair(repair: Repair, machineName: string): string {
  switch (repair.kind) {
    case 'new-split':
      return `Split anew, it fits ${machineName} as it was asked for.`
    case 'change':
      return `On ${machineName}: ${explainRemedy(repair.remedy)} ${explainCost(repair.cost)}`
    case 'other-machine':
      return `${machineName} can host it as it was asked for.`
  }
}

const gpu = ({ index, name }: Named): string => `GPU ${index} (${name})`

const difference = (before: Bytes, after: Bytes): string => formatBytes(bytes(Math.abs(after - before)))

const less = ({ before, after, needed }: Of<'device-memory-less' | 'host-memory-less'>): string =>
  `${formatBytes(after)} instead of ${formatBytes(before)}, ${difference(before, after)} less; ${formatBytes(needed)} of it is needed`

const architecture = (name: string | null): string =>
  name === null ? 'an unknown architecture' : `architecture ${name}`

const sentences: Sentences = {
  'machine-gone': () => 'Its machine is gone.',
  'machine-in-maintenance': () => 'Its machine is in maintenance now.',
  'device-gone': ({ device }) => `${gpu(device)} is gone.`,
  'device-replaced': ({ device, by }) =>
    `${gpu(device)} is gone; ${device.name === by.name ? 'another of the same name' : by.name} is in its place.`,
  'device-cut-into-slices': ({ device }) => `${gpu(device)} is cut into MIG slices now and runs nothing itself.`,
  'device-memory-less': (finding) => `${gpu(finding.device)} has ${less(finding)}.`,
  'device-memory-more': ({ device, before, after }) =>
    `${gpu(device)} has ${formatBytes(after)} instead of ${formatBytes(before)}, ${difference(before, after)} more.`,
  'backend-changed': ({ device, before, after }) =>
    `${gpu(device)} is driven by ${after} instead of ${before}: another build of the engine runs on it.`,
  'architecture-changed': ({ device, before, after }) =>
    `${gpu(device)} is of ${architecture(after)} instead of ${architecture(before)}; the driver’s share is counted by it.`,
  'host-memory-less': (finding) => `The host has ${less(finding)}.`,
  'over-reserved': ({ device, reserved, capacity }) =>
    `${device ? gpu(device) : 'The host'} has ${formatBytes(capacity)}, and ${formatBytes(reserved)} of it is reserved at most: more than there is.`,
  'driver-changed': ({ before, after }) => `The driver was ${before} and is ${after}.`,
  'order-changed': ({ devices }) =>
    `GPUs are counted in another order: ${devices.map(({ device, index }) => `GPU ${device.index} is GPU ${index}`).join(', ')}. A command that was printed before starts it on other cards.`,
}
