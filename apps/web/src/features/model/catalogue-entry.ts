import type { Tokens } from '@berth/core'

/** What lists need of a catalogue model: plain data, so that the catalogue itself stays on the server. */
export interface CatalogueEntry {
  readonly id: string
  readonly name: string
  readonly family: string
  readonly publisher: string
  readonly parameters: string
  readonly contextLengthTrained: Tokens
  readonly mixes: readonly string[]
}
