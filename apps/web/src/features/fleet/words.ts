import {
  type Facet,
  type LabelSelector,
  type MachineColumn,
  type MachineSort,
  type MachineState,
  NO_VALUE,
} from '@berth/core'
import { shortGpuName } from '../plan/verdict-view.ts'

export const stateWords = {
  ready: 'Ready',
  maintenance: 'In maintenance',
  'gpus-missing': 'GPUs missing',
  'not-measured': 'Not measured',
  stale: 'Out of date',
  sample: 'Sample lab',
} as const satisfies Record<MachineState, string>

/** In the order of the panel. */
export const facetWords = {
  state: { title: 'State', none: '' },
  site: { title: 'Site', none: 'No site' },
  owner: { title: 'Team', none: 'No team' },
  gpu: { title: 'GPU', none: 'No GPU' },
  gpuCount: { title: 'GPUs in it', none: '' },
} as const satisfies Record<Facet, { readonly title: string; readonly none: string }>

export const panelFacets = Object.keys(facetWords) as readonly Facet[]

/** How a value of a facet is shown. */
export function valueWords(facet: Facet, value: string): string {
  if (value === NO_VALUE) return facetWords[facet].none
  if (facet === 'state') return stateWords[value as MachineState] ?? value
  return facet === 'gpu' ? shortGpuName(value) : value
}

export const columnWords = {
  gpus: 'GPUs',
  memory: 'GPU memory',
  free: 'Free',
  freeOnOne: 'Free on one GPU',
  ram: 'RAM',
  site: 'Site',
  owner: 'Team',
  labels: 'Labels',
  driver: 'Driver',
  read: 'Read',
} as const satisfies Record<MachineColumn, string>

/** The first direction is the one that is more often wanted. */
export const sortWords = {
  name: { first: 'asc', asc: 'Name, A first', desc: 'Name, Z first' },
  memory: { first: 'desc', asc: 'GPU memory, least first', desc: 'GPU memory, most first' },
  free: { first: 'desc', asc: 'Free memory, least first', desc: 'Free memory, most first' },
  site: { first: 'asc', asc: 'Site, A first', desc: 'Site, Z first' },
  read: { first: 'desc', asc: 'Read, longest ago first', desc: 'Read, last first' },
} as const satisfies Record<
  MachineSort['by'],
  { readonly first: 'asc' | 'desc'; readonly asc: string; readonly desc: string }
>

/** A selector of labels as a person reads it. */
export function selectorWords(selector: LabelSelector): string {
  switch (selector.is) {
    case 'present':
      return `has ${selector.key}`
    case 'absent':
      return `no ${selector.key}`
    case 'equal':
      return selector.value === '' ? `${selector.key} (empty)` : `${selector.key} = ${selector.value}`
    case 'different':
      return `${selector.key} is not ${selector.value}`
  }
}
