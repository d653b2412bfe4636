import type { Bytes } from '@berth/core'
import type { FitKind } from './fit-kinds.ts'

/** A file, or a model with its files below it. */
export interface FitRow {
  readonly id: string
  readonly name: string
  readonly detail: string
  /** How many machines host it, in words. */
  readonly hosted: string
  /** A file below its model stands further in. */
  readonly level: 1 | 2
  /** Of a model: whether its files are shown. */
  readonly open?: boolean
}

/** A machine, or several of equal hardware. */
export interface FitColumn {
  readonly id: string
  readonly name: string
  readonly detail: string
  /** How many files it hosts, in words. */
  readonly hosted: string
  /** Of several machines: how many, and whether each is shown beside. */
  readonly several?: { readonly count: number; readonly open: boolean }
  /** One of several of equal hardware. */
  readonly within?: boolean
  /** The rows are sorted by it. */
  readonly sorted?: 'ascending' | 'descending'
}

export interface FitCell {
  readonly kind: FitKind
  /** What is to spare on the tightest place, or is lacking; null where nothing is known of it. */
  readonly headroom: Bytes | null
  /** Else it is an estimate, and says so. */
  readonly certain: boolean
  /** Which of several files it is about. */
  readonly file?: string
  /** Not of what is looked for: shown without its colour. */
  readonly faded?: boolean
  /** More of it, for the bubble. */
  readonly tip?: string
}

/** Sizes in pixels: they are reckoned with before anything is drawn. */
export const sizes = {
  row: 40,
  head: 84,
  /** Of a column, as wide as there is room for all of them. */
  column: { least: 104, most: 160 },
  /** The column of names, on a wide and on a narrow screen. */
  names: { wide: 272, narrow: 148 },
} as const
