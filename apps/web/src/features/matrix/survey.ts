import { bytes, type Bytes, type RunRequest, type SurveyVerdict } from '@berth/core'
import type { RouterInputs, RouterOutputs } from '@berth/api'
import { devicesSummary } from '../plan/verdict-view.ts'

type Answer = RouterOutputs['fleet']['matrix']
export type SurveyInput = RouterInputs['fleet']['matrix'] & { readonly request: RunRequest }
export type ExactCell = RouterOutputs['fleet']['cells']['cells'][number]

export interface SurveyFile extends Readonly<Answer['files'][number]> {
  /** Names it in an address, and between two surveys. */
  readonly key: string
}

export interface SurveyHardware extends Readonly<Answer['hardware'][number]> {
  readonly summary: string
  /** Of one of its GPUs. */
  readonly smallestDevice: Bytes
}

/** The API's answer for all pairs at once, with what the page reads off it. */
export interface Survey {
  readonly files: readonly SurveyFile[]
  readonly hardware: readonly SurveyHardware[]
  /** One entry a file, each of them by hardware. */
  readonly cells: Answer['cells']
}

export const surveyOf = ({ files, hardware, cells }: Answer): Survey => ({
  files: files.map((file) => ({ ...file, key: keyOf(file.ref) })),
  hardware: hardware.map((one) => ({
    ...one,
    summary: devicesSummary(one) || 'No GPU',
    smallestDevice: bytes(Math.min(...one.devices.map(({ memoryTotal }) => memoryTotal))),
  })),
  cells,
})

const keyOf = (ref: Answer['files'][number]['ref']): string => (ref.kind === 'stored' ? ref.id : `${ref.id}@${ref.mix}`)

const verdicts: Readonly<Record<string, SurveyVerdict>> = { f: 'fits', h: 'host', n: 'no', r: 'refused', o: 'open' }

export function surveyedPair({ cells }: Survey, file: number, hardware: number) {
  const { verdicts: letters, headroom } = cells[file]!
  return { verdict: verdicts[letters[hardware] ?? ''] ?? 'open', headroom: headroom[hardware] ?? null }
}
