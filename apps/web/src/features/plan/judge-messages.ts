import type { DescribeIssue, GgufHeader, Machine, PlaceFigures, RunRequest, Tokens, Verdict } from '@berth/core'

/** What the page tells a judge: the model once, then one machine at a time. */
export type ToJudge =
  | { readonly kind: 'model'; readonly version: number; readonly header: GgufHeader }
  | { readonly kind: 'judge'; readonly job: number; readonly machine: Machine; readonly request: RunRequest }

/** How the figures of one offered placement come about, place by place. */
export type OfferFigures = readonly PlaceFigures[]

/** What the page needs of a model beside its verdicts. */
export type ModelAnswer =
  | { readonly ok: true; readonly contextLengthTrained: Tokens }
  | { readonly ok: false; readonly issue: DescribeIssue }

export type FromJudge =
  | { readonly kind: 'model'; readonly version: number; readonly answer: ModelAnswer }
  | {
      readonly kind: 'verdict'
      readonly job: number
      readonly verdict: Verdict
      readonly figures: readonly OfferFigures[]
    }
  /** A bug, not an answer: what does not fit is a verdict. */
  | { readonly kind: 'failure'; readonly job: number; readonly message: string }
