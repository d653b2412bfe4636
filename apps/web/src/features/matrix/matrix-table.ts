import { type Bytes, GIB, type SurveyVerdict } from '@berth/core'
import { type FitKind, fitKinds, hosts } from '@berth/ui/fit-kinds'
import { type ExactCell, type Survey, surveyedPair } from './survey.ts'

/** What was planned of a file, by the first machine of a hardware: it stands for all of them. */
export type ExactCells = ReadonlyMap<string, ReadonlyMap<string, ExactCell>>

export interface KnownCell {
  readonly kind: FitKind
  readonly headroom: Bytes | null
  readonly certain: boolean
  readonly exact?: ExactCell
}

/** Less than this to spare is tight, and so is less than that share of the smallest GPU. */
const TIGHT_BELOW = GIB
const TIGHT_SHARE = 0.05

const isTight = (headroom: number, smallestDevice: number): boolean =>
  headroom < Math.max(TIGHT_BELOW, smallestDevice * TIGHT_SHARE)

const kindOf = (verdict: SurveyVerdict, headroom: number | null, smallestDevice: number): FitKind =>
  verdict === 'fits' && headroom !== null && isTight(headroom, smallestDevice) ? 'tight' : verdict

/** What is planned of files, by their places: as far as it is of this survey. */
function* plannedPairs(survey: Survey, exact: ExactCells): Generator<readonly [file: number, hardware: number]> {
  const places = new Map(survey.hardware.map((_, hardware) => [representative(survey, hardware), hardware]))
  for (const [file, { key }] of survey.files.entries()) {
    for (const machine of exact.get(key)?.keys() ?? []) {
      const hardware = places.get(machine)
      if (hardware !== undefined) yield [file, hardware]
    }
  }
}

/** A survey with what has been planned since: everything that is shown of a pair, by the places of both in the survey. */
export interface MatrixTable {
  readonly survey: Survey
  readonly at: (file: number, hardware: number) => KnownCell
  /** As surveyed, for orders and filters: what is planned later moves nothing. */
  readonly surveyedAt: (file: number, hardware: number) => KnownCell
  /** Whether the file can be hosted there, with what was asked to be to spare. */
  readonly isHosted: (cell: KnownCell) => boolean
}

export function matrixTable(survey: Survey, exact: ExactCells, spareGibibytes: number): MatrixTable {
  const surveyedAt = (file: number, hardware: number): KnownCell => {
    const { verdict, headroom } = surveyedPair(survey, file, hardware)
    return { kind: kindOf(verdict, headroom, survey.hardware[hardware]!.smallestDevice), headroom, certain: false }
  }
  return {
    survey,
    surveyedAt,
    at: (file, hardware) => {
      const planned = exact.get(survey.files[file]!.key)?.get(representative(survey, hardware))
      return planned ? exactCell(planned, survey.hardware[hardware]!.smallestDevice) : surveyedAt(file, hardware)
    },
    isHosted: ({ kind, headroom }) => hosts[kind] && (headroom ?? 0) >= spareGibibytes * GIB,
  }
}

/** A pair as it was planned, on hardware whose smallest GPU has so much. */
export const exactCell = (exact: ExactCell, smallestDevice: Bytes): KnownCell => ({
  kind: kindOf(exact.verdict, exact.headroom, smallestDevice),
  headroom: exact.headroom,
  certain: true,
  exact,
})

/** The machine that a hardware is asked by. */
export const representative = (survey: Survey, hardware: number): string => survey.hardware[hardware]!.machines[0]!.id

export interface MatrixCounts {
  readonly machines: number
  /** Machines of each hardware. */
  readonly sizes: readonly number[]
  /** Machines that host a file, by file. */
  readonly hostedBy: readonly number[]
  /** Files that a machine hosts, by hardware. */
  readonly hosting: readonly number[]
  /** Pairs of a file and a machine. */
  readonly kinds: Readonly<Record<FitKind, number>>
}

/** As surveyed: every pair is looked at, which is done once a survey. */
export function countsOf({ survey, surveyedAt, isHosted }: MatrixTable): MatrixCounts {
  const counts = emptyCounts(survey)
  for (let file = 0; file < survey.files.length; file += 1) {
    for (let hardware = 0; hardware < survey.hardware.length; hardware += 1) {
      const cell = surveyedAt(file, hardware)
      count(counts, { file, hardware, kind: cell.kind, hosted: isHosted(cell) }, 1)
    }
  }
  return counts
}

/** The counts with what has been planned since in the place of what was surveyed. */
export function correctedCounts(surveyed: MatrixCounts, table: MatrixTable, exact: ExactCells): MatrixCounts {
  const counts = {
    ...{ machines: surveyed.machines, sizes: surveyed.sizes, kinds: { ...surveyed.kinds } },
    ...{ hostedBy: [...surveyed.hostedBy], hosting: [...surveyed.hosting] },
  }
  for (const [file, hardware] of plannedPairs(table.survey, exact)) {
    const [was, is] = [table.surveyedAt(file, hardware), table.at(file, hardware)]
    count(counts, { file, hardware, kind: was.kind, hosted: table.isHosted(was) }, -1)
    count(counts, { file, hardware, kind: is.kind, hosted: table.isHosted(is) }, 1)
  }
  return counts
}

interface Counting {
  readonly machines: number
  readonly sizes: readonly number[]
  readonly hostedBy: number[]
  readonly hosting: number[]
  readonly kinds: Record<FitKind, number>
}

function emptyCounts(survey: Survey): Counting {
  const sizes = survey.hardware.map(({ machines }) => machines.length)
  return {
    machines: sizes.reduce((sum, size) => sum + size, 0),
    sizes,
    hostedBy: survey.files.map(() => 0),
    hosting: sizes.map(() => 0),
    kinds: Object.fromEntries(fitKinds.map((kind) => [kind, 0])) as Record<FitKind, number>,
  }
}

interface CountedPair {
  readonly file: number
  readonly hardware: number
  readonly kind: FitKind
  readonly hosted: boolean
}

function count(counts: Counting, { file, hardware, kind, hosted }: CountedPair, times: 1 | -1): void {
  const size = counts.sizes[hardware]! * times
  counts.kinds[kind] += size
  if (!hosted) return
  counts.hostedBy[file]! += size
  counts.hosting[hardware]! += times
}

/**
 * Which of a model's files a hardware is best used with: the largest that it hosts, without the host's memory if it can;
 * where it hosts none, the one that lacks least.
 */
export function bestFile(table: MatrixTable, files: readonly number[], hardware: number): number {
  const rank = (file: number): readonly number[] => {
    const cell = table.surveyedAt(file, hardware)
    const hosted = table.isHosted(cell)
    const how = hosted ? (cell.kind === 'host' ? 1 : 2) : 0
    return [how, hosted ? table.survey.files[file]!.weightBytes : (cell.headroom ?? Number.NEGATIVE_INFINITY)]
  }
  return files.reduce((best, file) => (isMore(rank(file), rank(best)) ? file : best))
}

const isMore = ([first, second]: readonly number[], [less, least]: readonly number[]): boolean =>
  first! > less! || (first === less && second! > least!)
