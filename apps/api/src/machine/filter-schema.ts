import {
  type Facet,
  type FacetCounts,
  facets,
  type MachineFilter,
  machineSorts,
  machineStates,
  readLabelSelector,
  readSort,
} from '@berth/core'
import { z } from 'zod'
import { isPlainText, listInQuery, listOf, pageInput, sizeInQuery, textInQuery } from '../schema-parts.ts'

/** Chosen values of one facet: more than a person ticks. */
const MAX_VALUES = 100
/** As long as the longest name of a GPU, a site or an owner may be. */
const MAX_VALUE = 256

/** Empty for machines without one. */
const facetValue = z.string().max(MAX_VALUE).refine(isPlainText, 'must hold no control characters')
const facetValues = (what: string) =>
  listInQuery(facetValue, MAX_VALUES)
    .meta({ description: `${what} is any of these, each a parameter of its own; empty for none.` })
    .optional()

const label = z
  .string()
  .max(400)
  .refine(
    (text) => readLabelSelector(text) !== undefined,
    'must be a selector as in Kubernetes: key, !key, key=value or key!=value',
  )

/** The parameters of a filter, as the address of the page has them too. */
const parameters = {
  text: textInQuery(z.string().max(200))
    .meta({ description: 'Words that all must be in the name, the GPUs, the site, the owner or the labels.' })
    .optional(),
  site: facetValues('Where it stands'),
  owner: facetValues('Who looks after it'),
  gpu: facetValues('The name of one of its GPUs'),
  gpuCount: listInQuery(z.string().regex(/^\d{1,4}$/, 'must be a number'), MAX_VALUES)
    .meta({ description: 'It has so many GPUs, any of these.' })
    .optional(),
  state: listInQuery(z.enum(machineStates), machineStates.length)
    .meta({ description: 'It is in any of these states; in maintenance it is left out of planning.' })
    .optional(),
  label: listInQuery(label, MAX_VALUES)
    .meta({ description: 'Selectors of labels, all of which hold: key, !key, key=value or key!=value.' })
    .optional(),
  freeMin: sizeInQuery
    .meta({ description: 'Bytes that were free on its GPUs together when measured, at least.' })
    .optional(),
  freeOnOneMin: sizeInQuery
    .meta({ description: 'Bytes that were free on one of its GPUs when measured, at least.' })
    .optional(),
} satisfies Record<Exclude<keyof MachineFilter, 'labels'> | 'label', z.ZodType>

/** In a query, where unknown parameters are somebody else's. */
const filterInput = z.object(parameters)
/** In a body, where a field that is not known would quietly let every machine pass. */
export const strictFilterInput = z.strictObject(parameters)

type FilterInput = z.output<typeof filterInput>

export const toFilter = ({ label: labels = [], ...rest }: FilterInput): MachineFilter => {
  const { text, freeMin, freeOnOneMin } = rest
  const chosen = facets.flatMap((facet) => (rest[facet] === undefined ? [] : [[facet, rest[facet]] as const]))
  return {
    ...(Object.fromEntries(chosen) as Partial<Record<Facet, readonly string[]>>),
    ...(text !== undefined && { text }),
    ...(freeMin !== undefined && { freeMin }),
    ...(freeOnOneMin !== undefined && { freeOnOneMin }),
    labels: labels.flatMap((selector) => readLabelSelector(selector) ?? []),
  }
}

/** A sorted list's cursor holds what it is sorted by: a name of 256 signs, each of four bytes, and the name again. */
const MAX_CURSOR = 4000

export const listMachinesInput = z.object({
  ...pageInput.shape,
  ...parameters,
  cursor: z
    .string()
    .regex(new RegExp(`^[\\w-]{1,${MAX_CURSOR}}$`), 'must be the `nextCursor` of the page before')
    .meta({ description: '`nextCursor` of the page before, under the same sort.' })
    .optional(),
  sort: z
    .enum(machineSorts.flatMap((sort) => [sort, `-${sort}`] as const))
    .meta({ description: 'Left out: in the order of their making. What is not known is last in either direction.' })
    .optional(),
})

/** @throws {Error} never: the schema lets no other text through. */
export const toSort = (text: z.output<typeof listMachinesInput>['sort']) =>
  text === undefined ? undefined : readSort(text)

export const facetsInput = filterInput

const facetList = listOf(
  z.object({
    value: z.string().meta({ description: 'Empty for machines without one.' }),
    count: z
      .number()
      .int()
      .meta({ description: 'Machines listed with it alone in its facet and all other choices kept.' }),
  }),
)

export const facetsOutput = z.object({
  machines: z.number().int().meta({ description: 'Of the team.' }),
  matching: z.number().int().meta({ description: 'That pass the filter.' }),
  ...({
    site: facetList,
    owner: facetList,
    gpu: facetList,
    gpuCount: facetList,
    state: facetList,
    labels: listOf(z.object({ key: z.string(), values: facetList })),
  } satisfies Record<keyof FacetCounts, z.ZodType>),
})

export const exportInput = z.object({
  ...parameters,
  format: z.enum(['csv', 'json']).meta({ description: 'Both are read again by an import.' }),
  id: listInQuery(z.string().regex(/^[\w-]{1,64}$/, 'must be an id'), 1000)
    .meta({ description: 'These machines only, each a parameter of its own.' })
    .optional(),
})
