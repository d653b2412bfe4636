import { type Bytes, describeModel, formatBytes, groupThousands, type Mix, type Model } from '@berth/core'
import { catalogueHeader } from '../catalogue-model.ts'
import { findCatalogueModel } from '../models/models.ts'

export const storyIds = [
  'llamafile-compute-buffer',
  'koboldcpp-spill',
  'llamasharp-two-models',
  'ollama-61-gb',
  'exllamav2-long-context',
] as const
export type StoryId = (typeof storyIds)[number]

/** One cell of a table: what is shown, and the exact figure behind it. */
export interface StoryCell {
  readonly text: string
  readonly bytes?: Bytes
}

export interface StoryTable {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly StoryCell[])[]
}

/** What one place holds, step by step. */
export interface StoryCourse {
  readonly place: string
  readonly capacity: Bytes
  readonly steps: readonly { readonly label: string; readonly held: Bytes; readonly fails: boolean }[]
}

/** What Berth makes of the case, worked out anew every time it is told. */
export interface Telling {
  readonly says: readonly string[]
  readonly tables: readonly StoryTable[]
  readonly course?: StoryCourse
  /** What would have made it run, each verified by planning with it. */
  readonly wayOut: readonly string[]
}

/** A failure that users had, in our words, and what Berth would have told them before. */
export interface Story {
  readonly id: StoryId
  readonly title: string
  /** As people name it: "llamafile 0.8.14". */
  readonly engine: string
  readonly when: string
  readonly thread: string
  readonly happened: readonly string[]
  readonly tell: () => Telling
}

export const text = (value: string): StoryCell => ({ text: value })
export const count = (value: number): StoryCell => ({ text: groupThousands(value) })
export const size = (value: Bytes): StoryCell => ({ text: formatBytes(value), bytes: value })

/** A model of the catalogue; its absence, or a mix that it is not offered in, is a bug of the story. */
export function catalogueModelOf(id: string, mix: Mix): Model {
  const entry = findCatalogueModel(id)
  if (!entry) throw new Error(`the catalogue has no ${id}`)
  const described = describeModel(catalogueHeader(entry, mix))
  if (!described.ok) throw new Error(`${id} ${mix}: ${described.issue.code}`)
  return described.value
}
