import type { DeviceId } from '../../ids.ts'
import type { Reason, Verdict } from '../../placement/verdict.ts'
import type { DriftCode, DriftFinding } from './drift.ts'

/** Worst first. */
export const driftSeverities = ['breaks', 'may-break', 'info'] as const
export type DriftSeverity = (typeof driftSeverities)[number]

export type WeighedFinding = DriftFinding & { readonly severity: DriftSeverity }

type Of<Code> = Extract<DriftFinding, { readonly code: Code }>
type Severities = { readonly [Code in DriftCode]: (finding: Of<Code>) => DriftSeverity }

const enough = ({ after, needed }: Of<'device-memory-less' | 'host-memory-less'>): DriftSeverity =>
  after >= needed ? 'info' : 'may-break'

const isSameDevice = ({ device, by }: Of<'device-replaced'>): boolean => device.id === by.id

/** What can be said without planning: what breaks for sure, what would have to be judged, and what changes nothing. */
const atAGlance: Severities = {
  'machine-gone': () => 'breaks',
  'device-gone': () => 'breaks',
  'device-cut-into-slices': () => 'breaks',
  // A command finds a card that no tool tells from the old one; whether the split fits it has to be judged.
  'device-replaced': (finding) => (isSameDevice(finding) ? 'may-break' : 'breaks'),
  'device-memory-less': enough,
  'host-memory-less': enough,
  'backend-changed': () => 'may-break',
  'architecture-changed': () => 'may-break',
  'order-changed': () => 'may-break',
  // Who of them comes last finds too little.
  'over-reserved': () => 'may-break',
  'machine-in-maintenance': () => 'may-break',
  'device-memory-more': () => 'info',
  'driver-changed': () => 'info',
}

/** What a verdict on the split settles where it fits: it needs no more than there is. */
const settledByFitting: ReadonlySet<DriftCode> = new Set([
  'device-memory-less',
  'host-memory-less',
  'architecture-changed',
])

/** Findings weighed by themselves, the worst first; nothing is planned for it. */
export const weighAtAGlance = (findings: readonly DriftFinding[]): readonly WeighedFinding[] =>
  worstFirst(findings.map((finding) => ({ ...finding, severity: glance(finding) })))

/**
 * Findings weighed by what the saved split is said of on the machine of now: what a reason against it names breaks it, and
 * what does not keep it from fitting is to know only. The worst first.
 */
export const weighJudged = (findings: readonly DriftFinding[], asSaved: Verdict): readonly WeighedFinding[] =>
  worstFirst(findings.map((finding) => ({ ...finding, severity: judged(finding, asSaved) })))

const worstFirst = (findings: readonly WeighedFinding[]): readonly WeighedFinding[] =>
  driftSeverities.flatMap((severity) => findings.filter((finding) => finding.severity === severity))

const glance = <Code extends DriftCode>(finding: Of<Code>): DriftSeverity => {
  const weigh = atAGlance[finding.code] as (one: Of<Code>) => DriftSeverity
  return weigh(finding)
}

function judged(finding: DriftFinding, asSaved: Verdict): DriftSeverity {
  const alone = glance(finding)
  if (alone === 'breaks') return alone
  if (!asSaved.fits && asSaved.reasons.some((reason) => isAbout(reason, finding))) return 'breaks'
  return settledByFitting.has(finding.code) ? 'info' : alone
}

const changesWhatRuns: ReadonlySet<DriftCode> = new Set(['backend-changed', 'architecture-changed', 'device-replaced'])

/** A reason that names no place is a refusal, which goes by what runs the model. */
function isAbout(reason: Reason, finding: DriftFinding): boolean {
  if ('place' in reason) {
    return reason.place.kind === 'host'
      ? finding.code === 'host-memory-less'
      : deviceIdsOf(finding).includes(reason.place.device)
  }
  return reason.code === 'device-not-usable'
    ? deviceIdsOf(finding).includes(reason.device)
    : changesWhatRuns.has(finding.code)
}

/** Of the devices that are as they were but for more memory, nothing can be wrong. */
function deviceIdsOf(finding: DriftFinding): readonly DeviceId[] {
  if (finding.code === 'device-memory-more') return []
  if (finding.code === 'order-changed') return finding.devices.map(({ device }) => device.id)
  return 'device' in finding && finding.device ? [finding.device.id] : []
}

/** Undefined where there is nothing to weigh. */
export const worstOf = (findings: readonly WeighedFinding[]): DriftSeverity | undefined =>
  worstFirst(findings)[0]?.severity
