import type { GgufHeader, MachineEdit, RunRequest } from '@berth/core'
import type { Candidate } from '../plan/solve.ts'
import type { GgufEngineChoice } from '../plan/verdict-schema.ts'
import type { HostsResult, LargestResult, UpgradesResult, WhatIfResult } from './schema.ts'

interface Asked<Kind> extends GgufEngineChoice {
  readonly kind: Kind
  readonly request: RunRequest
}

interface OfFiles {
  readonly files: readonly Candidate[]
}

interface OfModel {
  readonly header: GgufHeader
}

/** What is asked of the lab; it survives being sent to another thread. */
export interface CapacityQuestions {
  readonly largest: Asked<'largest'> & OfFiles
  readonly hosts: Asked<'hosts'> & OfModel
  readonly 'what-if': Asked<'what-if'> & OfFiles & { readonly edits: readonly MachineEdit[] }
  readonly upgrades: Asked<'upgrades'> & OfModel & { readonly mayRelyOnHost: boolean }
}

export type CapacityKind = keyof CapacityQuestions
export type CapacityQuestion = CapacityQuestions[CapacityKind]

/** One a machine, but of an edit one a file. */
export interface CapacityAnswers {
  readonly largest: LargestResult
  readonly hosts: HostsResult
  readonly 'what-if': WhatIfResult
  readonly upgrades: UpgradesResult
}

export type CapacityResult = CapacityAnswers[CapacityKind]
