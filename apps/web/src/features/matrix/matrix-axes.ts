import { naturalOrder } from '@berth/core'
import type { FitKind } from '@berth/ui/fit-kinds'
import type { ColumnSort, MatrixInputs, RowSort } from './matrix-inputs.ts'
import { bestFile, type MatrixCounts, type MatrixTable } from './matrix-table.ts'
import type { SurveyHardware } from './survey.ts'

/** A file, or a model that stands for the best of its files on each machine. */
export type MatrixRow =
  | { readonly kind: 'file'; readonly id: string; readonly file: number; readonly level: 1 | 2 }
  | {
      readonly kind: 'model'
      readonly id: string
      readonly name: string
      /** Of those that are listed, the largest first. */
      readonly files: readonly number[]
      readonly open: boolean
    }

/** Machines of one hardware, or one of them. */
export interface MatrixColumn {
  readonly id: string
  readonly hardware: number
  readonly machines: SurveyHardware['machines']
  readonly several?: { readonly open: boolean }
  readonly within?: true
}

type Shown = Pick<MatrixInputs, 'rows' | 'show' | 'sort' | 'by' | 'order' | 'turned' | 'wide'>

export interface MatrixAxes {
  readonly rows: readonly MatrixRow[]
  readonly columns: readonly MatrixColumn[]
}

/** What is listed of a survey, in which order. */
export function axesOf(table: MatrixTable, counts: MatrixCounts, shown: Shown): MatrixAxes {
  const { files, hardware } = table.survey
  const meets = meeting(table, shown.show)
  const rowsLeft = files.map((_, file) => file).filter((file) => hardware.some((_, on) => meets(file, on)))
  const columnsLeft = hardware.map((_, on) => on).filter((on) => files.some((_, file) => meets(file, on)))
  return {
    rows: rowsOf(modelsOf(table, rowsLeft), ordering(table, counts, shown), shown),
    columns: inOrder(columnsLeft, columnKey(table, counts, shown.order), shown.order).flatMap((on) =>
      columnsOf(hardware[on]!, on, shown.wide),
    ),
  }
}

/** Whether a pair is of what is shown. */
const meeting = (table: MatrixTable, show: readonly FitKind[]) => (file: number, hardware: number) =>
  show.length === 0 || show.includes(table.surveyedAt(file, hardware).kind)

interface ModelFiles {
  readonly name: string
  readonly files: readonly number[]
}

function modelsOf({ survey }: MatrixTable, files: readonly number[]): readonly ModelFiles[] {
  const byName = new Map<string, number[]>()
  for (const file of files) {
    const { modelName } = survey.files[file]!
    byName.set(modelName, [...(byName.get(modelName) ?? []), file])
  }
  return [...byName].map(([name, own]) => ({
    name,
    files: own.toSorted((a, b) => survey.files[b]!.weightBytes - survey.files[a]!.weightBytes),
  }))
}

type Key = string | number | undefined

/** What rows are sorted by; undefined leaves them as they were given. */
interface Ordering {
  readonly ofFile: (file: number) => Key
  readonly ofModel: (files: readonly number[]) => Key
}

const GIVEN: Ordering = { ofFile: () => undefined, ofModel: () => undefined }

function ordering(table: MatrixTable, counts: MatrixCounts, { sort, by }: Shown): Ordering {
  const most = (ofFile: (file: number) => number): Ordering => ({
    ofFile,
    ofModel: (files) => Math.max(...files.map(ofFile)),
  })
  const { files, hardware } = table.survey
  switch (bare(sort)) {
    case 'given':
      return GIVEN
    case 'name':
      return { ofFile: (file) => files[file]!.name, ofModel: ([first]) => files[first!]!.modelName }
    case 'size':
      return most((file) => files[file]!.weightBytes)
    case 'machines':
      return most((file) => counts.hostedBy[file]!)
    case 'headroom': {
      const on = hardware.findIndex(({ machines }) => machines.some(({ id }) => id === by))
      if (on === -1) return GIVEN
      const ofFile = (file: number) => table.surveyedAt(file, on).headroom ?? Number.NEGATIVE_INFINITY
      return { ofFile, ofModel: (own) => ofFile(bestFile(table, own, on)) }
    }
  }
}

function rowsOf(models: readonly ModelFiles[], { ofFile, ofModel }: Ordering, shown: Shown): readonly MatrixRow[] {
  const { sort, rows, turned } = shown
  return inOrder(models, ({ files }) => ofModel(files), sort).flatMap(({ name, files }): readonly MatrixRow[] => {
    const [only] = files
    if (files.length === 1) return [{ kind: 'file', id: fileRow(only!), file: only!, level: 1 }]
    const open = (rows === 'files') !== turned.includes(name)
    const own = inOrder(files, ofFile, sort)
    return [
      { kind: 'model', id: `model:${name}`, name, files, open },
      ...(open ? own.map((file) => ({ kind: 'file' as const, id: fileRow(file), file, level: 2 as const })) : []),
    ]
  })
}

export const fileRow = (file: number): string => `file:${file}`

function columnKey({ survey }: MatrixTable, counts: MatrixCounts, order: ColumnSort): (hardware: number) => Key {
  switch (bare(order)) {
    case 'name':
      return (on) => survey.hardware[on]!.machines[0]!.name
    case 'memory':
      return (on) => survey.hardware[on]!.memoryTotal
    case 'free':
      // What was never measured is taken as free, as a plan takes it.
      return (on) => survey.hardware[on]!.memoryFree ?? survey.hardware[on]!.memoryTotal
    case 'files':
      return (on) => counts.hosting[on]
  }
}

function columnsOf({ machines }: SurveyHardware, hardware: number, wide: readonly string[]): readonly MatrixColumn[] {
  const [first] = machines
  if (machines.length === 1) return [{ id: first!.id, hardware, machines }]
  const open = wide.includes(first!.id)
  return [
    { id: `all:${first!.id}`, hardware, machines, several: { open } },
    ...(open ? machines.map((one) => ({ id: one.id, hardware, machines: [one], within: true as const })) : []),
  ]
}

type Bare<Sort extends string> = Sort extends `-${infer Name}` ? Name : Sort
const bare = <Sort extends RowSort | ColumnSort>(sort: Sort): Bare<Sort> => sort.replace(/^-/, '') as Bare<Sort>

/** Those without a key stay as they were given, and so do equal ones. */
function inOrder<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
  sort: RowSort | ColumnSort,
): readonly Item[] {
  const sign = sort.startsWith('-') ? -1 : 1
  return items
    .map((item) => ({ item, key: keyOf(item) }))
    .toSorted((a, b) => sign * compared(a.key, b.key))
    .map(({ item }) => item)
}

function compared(a: Key, b: Key): number {
  if (typeof a === 'string' && typeof b === 'string') return naturalOrder(a, b)
  // Not by a difference: that of two infinities is no number.
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a < b ? -1 : 1
  return 0
}
