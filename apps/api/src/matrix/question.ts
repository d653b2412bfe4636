import type { AnyHeader, Machine, Mix, RunRequest } from '@berth/core'
import type { EngineChoice, GgufEngineChoice } from '../plan/verdict-schema.ts'
import type { ExactCellView, MatrixRow } from './schema.ts'

/** Where a thread finds a file that it does not know yet. */
export type GivenFile =
  | { readonly kind: 'catalogue'; readonly id: string; readonly mix: Mix }
  | { readonly kind: 'header'; readonly header: AnyHeader }

/** A file by what tells it from any other, so that a thread describes it once. */
export interface NamedFile {
  readonly key: string
  /** Absent where the thread said that it knows it. */
  readonly given?: GivenFile
}

export interface SurveyQuestion extends GgufEngineChoice {
  readonly request: RunRequest
  /** One of each hardware. */
  readonly machines: readonly Machine[]
  readonly files: readonly NamedFile[]
  readonly planMs: number
}

export interface CellsQuestion {
  readonly engines: readonly EngineChoice[]
  readonly request: RunRequest
  readonly machines: readonly Machine[]
  readonly file: NamedFile
}

/** What a thread is sent, and what it sends back. */
export type Job = (
  | { readonly kind: 'lacking'; readonly keys: readonly string[] }
  | { readonly kind: 'survey'; readonly question: SurveyQuestion }
  | { readonly kind: 'cells'; readonly question: CellsQuestion }
) & {
  /** One number, shared: not 0 once nobody waits for the answer any more. */
  readonly cancelled: Int32Array
}

export type Result = readonly string[] | readonly MatrixRow[] | readonly ExactCellView[]
