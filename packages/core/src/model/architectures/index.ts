import type { Architecture } from './architecture.ts'
import { llama } from './llama.ts'

/** Every architecture that is described; one file each, or one a family whose members differ in a line. */
const described: readonly Architecture[] = [llama]

const byName: ReadonlyMap<string, Architecture> = new Map(
  described.flatMap((architecture) => architecture.names.map((name) => [name, architecture] as const)),
)

export const architectureNames: readonly string[] = [...byName.keys()]

export const isDescribed = (name: string): boolean => byName.has(name)

/** The description of an architecture; an unknown one is taken for a plain transformer and marked `assumed`. */
export const architectureNamed = (name: string): Architecture => byName.get(name) ?? llama
