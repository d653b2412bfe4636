import { type MachineFilter, memoryBases, readMachineQuery, type RunRequest } from '@berth/core'
import {
  createSerializer,
  type inferParserType,
  parseAsArrayOf,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server'
import { fitKinds } from '@berth/ui/fit-kinds'
import { planParsers, requestOf, usageParsers } from '../plan/plan-inputs.ts'

/** With a dash the most first. */
export const rowSorts = ['given', 'name', '-size', 'size', '-machines', 'machines', '-headroom', 'headroom'] as const
export type RowSort = (typeof rowSorts)[number]

export const columnSorts = ['name', '-memory', 'memory', '-free', 'free', '-files', 'files'] as const
export type ColumnSort = (typeof columnSorts)[number]

/** The matrix as its address says it: what is asked, and what of the answers is shown. */
export const matrixParsers = {
  /** As `readSelection` reads it; what is stored when absent, or else a few models of the catalogue. */
  models: parseAsString,
  ...usageParsers,
  engine: planParsers.engine,
  margin: planParsers.margin,
  memory: parseAsStringLiteral(memoryBases).withDefault('promised'),
  /** The machines that the list of machines shows under this query. */
  among: parseAsString,
  /** A row a file, or a row a model with the best of its files that each machine can host. */
  rows: parseAsStringLiteral(['files', 'models']).withDefault('files'),
  /** Rows and columns with none of these verdicts are left out; none means any. */
  show: parseAsArrayOf(parseAsStringLiteral(fitKinds)).withDefault([]),
  /** GiB that must be to spare for a model to count as hosted. */
  spare: parseAsInteger.withDefault(0),
  sort: parseAsStringLiteral(rowSorts).withDefault('given'),
  /** The machine whose headroom the rows are sorted by. */
  by: parseAsString,
  order: parseAsStringLiteral(columnSorts).withDefault('name'),
  /** Models that are folded where files are rows, or unfolded where models are. */
  turned: parseAsArrayOf(parseAsString).withDefault([]),
  /** Columns of several machines that are opened, each by its first machine. */
  wide: parseAsArrayOf(parseAsString).withDefault([]),
  /** The cell that is open: a file and a machine. */
  file: parseAsString,
  on: parseAsString,
} as const

export type MatrixInputs = inferParserType<typeof matrixParsers>

/** `?models=…&ctx=…`, defaults left out. */
export const writeMatrixInputs = createSerializer(matrixParsers)

/** What the planner is asked for a cell, and what the matrix is for all of them. */
export const matrixRequestOf = (inputs: MatrixInputs): RunRequest =>
  requestOf({
    ...inputs,
    margins: null,
    sm: planParsers.sm.defaultValue,
    cache: planParsers.cache.defaultValue,
    chunk: planParsers.chunk.defaultValue,
  })

export const filterOf = ({ among }: Pick<MatrixInputs, 'among'>): MachineFilter =>
  readMachineQuery([...new URLSearchParams(among ?? '')]).query.filter
