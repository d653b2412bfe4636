import type { FormulaLine, FigurePart } from '../memory/explain.ts'
import type { Certainty } from '../memory/run-memory.ts'
import type { Bytes } from '../units.ts'

/** What a formula explains: its lines, and the functions of llama.cpp that do the same. */
export interface Formula {
  /** The terms add up to the figure; lines without bytes are remarks. */
  readonly lines: readonly FormulaLine[]
  readonly source: string
}

/** One figure of what a model takes with every layer on one device. */
export interface ModelFigure extends Formula {
  readonly id: string
  readonly label: string
  /** How many of what the figure counts: "32 of 32 blocks". */
  readonly detail?: string
  readonly device: Bytes
  readonly host: Bytes
  readonly certainty: Certainty
}

/** Figures of one part of the memory, and their sum on each place. */
export interface FigureGroup {
  readonly part: FigurePart
  readonly device: Bytes
  readonly host: Bytes
  readonly certainty: PlacesCertainty
  readonly figures: readonly ModelFigure[]
  /** The sum told another way, where there is one. */
  readonly formula?: Formula
}

/** How sure the sums of each place are. */
export interface PlacesCertainty {
  readonly device: Certainty
  readonly host: Certainty
}
