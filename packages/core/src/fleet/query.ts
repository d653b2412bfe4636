import { bytes, type Bytes } from '../units.ts'
import { type Facet, facets, type MachineFilter } from './filter.ts'
import { machineStates } from './fleet-machine.ts'
import { readLabelSelector, writeLabelSelector } from './labels.ts'
import { type MachineSort, machineSorts } from './sort.ts'

/** What a list of machines may show beside their names. */
export const machineColumns = [
  'gpus',
  'memory',
  'free',
  'freeOnOne',
  'ram',
  'site',
  'owner',
  'labels',
  'driver',
  'read',
] as const
export type MachineColumn = (typeof machineColumns)[number]

/** A list of machines as an address says it: what is listed, in which order, and how it is shown. */
export interface MachineQuery {
  readonly filter: MachineFilter
  readonly sort?: MachineSort
  readonly columns?: readonly MachineColumn[]
  readonly density?: 'compact'
}

/** A parameter of an address, in its order; one that says several things is there several times. */
export type QueryEntry = readonly [name: string, value: string]

export interface MachineQueryRead {
  readonly query: MachineQuery
  /** What is not known, or no value of its parameter: older and newer addresses stay of use without it. */
  readonly ignored: readonly QueryEntry[]
}

/** Reads one value into the query so far; undefined where it is none. */
type Reader = (value: string, query: MachineQuery) => MachineQuery | undefined

const filtering =
  (read: (value: string, filter: MachineFilter) => MachineFilter | undefined): Reader =>
  (value, query) => {
    const filter = read(value, query.filter)
    return filter && { ...query, filter }
  }

const chosen = (facet: Facet, isValue: (value: string) => boolean): Reader =>
  filtering((value, filter) => (isValue(value) ? { ...filter, [facet]: [...(filter[facet] ?? []), value] } : undefined))

const size = (field: 'freeMin' | 'freeOnOneMin'): Reader =>
  filtering((value, filter) => {
    const read = readSize(value)
    return read === undefined ? undefined : { ...filter, [field]: read }
  })

function readSize(value: string): Bytes | undefined {
  const count = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
  return Number.isSafeInteger(count) ? bytes(count) : undefined
}

/** `free`, or `-free` for the most first. */
export function readSort(value: string): MachineSort | undefined {
  const by = machineSorts.find((sort) => sort === value.replace(/^-/, ''))
  return by && { by, descending: value.startsWith('-') }
}

export const writeSort = ({ by, descending }: MachineSort): string => `${descending ? '-' : ''}${by}`

const isState = (value: string): boolean => machineStates.some((state) => state === value)

const readers: Readonly<Record<string, Reader>> = {
  text: filtering((text, filter) => ({ ...filter, text })),
  site: chosen('site', () => true),
  owner: chosen('owner', () => true),
  gpu: chosen('gpu', () => true),
  gpuCount: chosen('gpuCount', (value) => /^\d{1,4}$/.test(value)),
  state: chosen('state', isState),
  label: filtering((value, filter) => {
    const selector = readLabelSelector(value)
    return selector && { ...filter, labels: [...(filter.labels ?? []), selector] }
  }),
  freeMin: size('freeMin'),
  freeOnOneMin: size('freeOnOneMin'),
  sort: (value, query) => {
    const sort = readSort(value)
    return sort && { ...query, sort }
  },
  columns: (value, query) => {
    const columns = (value === '' ? [] : value.split(',')).map((name) =>
      machineColumns.find((column) => column === name),
    )
    return columns.includes(undefined) ? undefined : { ...query, columns: columns.filter((name) => name !== undefined) }
  },
  density: (value, query) => (value === 'compact' ? { ...query, density: value } : undefined),
}

/** Never fails: what cannot be read is told and left out. */
export function readMachineQuery(entries: readonly QueryEntry[]): MachineQueryRead {
  let query: MachineQuery = { filter: {} }
  const ignored: QueryEntry[] = []
  for (const [name, value] of entries) {
    const next = Object.hasOwn(readers, name) ? readers[name]?.(value, query) : undefined
    if (next === undefined) ignored.push([name, value])
    else query = next
  }
  return { query, ignored }
}

/** As `readMachineQuery` reads it back; nothing for what is not asked. */
export function writeMachineQuery({ filter, sort, columns, density }: MachineQuery): readonly QueryEntry[] {
  return [
    ...(filter.text ? [['text', filter.text] as const] : []),
    ...facets.flatMap((facet) => (filter[facet] ?? []).map((value) => [facet, value] as const)),
    ...(filter.labels ?? []).map((selector) => ['label', writeLabelSelector(selector)] as const),
    ...(['freeMin', 'freeOnOneMin'] as const).flatMap((field) =>
      filter[field] === undefined ? [] : [[field, String(filter[field])] as const],
    ),
    ...(sort ? [['sort', writeSort(sort)] as const] : []),
    ...(columns ? [['columns', columns.join(',')] as const] : []),
    ...(density ? [['density', density] as const] : []),
  ]
}
