import {
  type Facet,
  facets,
  formatBytes,
  type MachineColumn,
  type MachineFilter,
  type MachineQuery,
  type MachineSort,
  machineStates,
  type QueryEntry,
  writeLabelSelector,
  writeMachineQuery,
  writeSort,
} from '@berth/core'
import { facetWords, selectorWords, valueWords } from './words.ts'

/** The query of an address, without its question mark. */
export const writeQuery = (query: MachineQuery): string =>
  new URLSearchParams(writeMachineQuery(query).map(([name, value]) => [name, value])).toString()

/** What picks machines out, and not how they are shown. */
export const writeFilter = (filter: MachineFilter): string => writeQuery({ filter })

/** As the API takes a filter: selectors of labels are texts there. */
export const filterInput = ({ labels = [], state = [], ...rest }: MachineFilter) => ({
  ...rest,
  state: machineStates.filter((one) => state.includes(one)),
  label: labels.map(writeLabelSelector),
})

/** The same choices, whatever their order in the address. */
export const isSameQuery = (a: readonly QueryEntry[], b: readonly QueryEntry[]): boolean => sorted(a) === sorted(b)

const sorted = (entries: readonly QueryEntry[]): string =>
  JSON.stringify(entries.map((entry) => JSON.stringify(entry)).toSorted())

/** The filter that asks nothing of this. */
export function without(filter: MachineFilter, field: keyof MachineFilter): MachineFilter {
  const { [field]: _was, ...rest } = filter
  return rest
}

/** Chooses a value of a facet, or gives up the choice of it. */
export function toggled(filter: MachineFilter, facet: Facet, value: string): MachineFilter {
  const chosen = filter[facet] ?? []
  const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]
  return next.length === 0 ? without(filter, facet) : { ...filter, [facet]: next }
}

/** One thing that a filter asks for beside words, and the filter without it. */
export interface Chip {
  readonly label: string
  readonly without: MachineFilter
}

export function chipsOf(filter: MachineFilter): readonly Chip[] {
  const { freeMin, freeOnOneMin, labels = [] } = filter
  return [
    ...facets.flatMap((facet) =>
      (filter[facet] ?? []).map((value) => ({
        label: `${facetWords[facet].title}: ${valueWords(facet, value)}`,
        without: toggled(filter, facet, value),
      })),
    ),
    ...labels.map((selector, at) => ({
      label: `Label: ${selectorWords(selector)}`,
      without: { ...filter, labels: labels.toSpliced(at, 1) },
    })),
    ...(freeMin === undefined ? [] : [{ label: `${formatBytes(freeMin)} free`, without: without(filter, 'freeMin') }]),
    ...(freeOnOneMin === undefined
      ? []
      : [{ label: `${formatBytes(freeOnOneMin)} free on one GPU`, without: without(filter, 'freeOnOneMin') }]),
  ]
}

export const BY_NAME: MachineSort = { by: 'name', descending: false }

/** By name is how a list is without a word in its address. */
export function withSort(query: MachineQuery, sort: MachineSort): MachineQuery {
  const { sort: _was, ...rest } = query
  return writeSort(sort) === writeSort(BY_NAME) ? rest : { ...rest, sort }
}

/** What a list shows where nobody has chosen: of what people say, only what somebody said. */
export function defaultColumns(
  machines: readonly { readonly site: string | null; readonly owner: string | null }[],
): readonly MachineColumn[] {
  const [site, owner] = [
    machines.some((machine) => machine.site !== null),
    machines.some((machine) => machine.owner !== null),
  ]
  return [
    'gpus',
    'memory',
    'free',
    'ram',
    ...(site ? (['site'] as const) : []),
    ...(owner ? (['owner'] as const) : []),
    'read',
  ]
}
