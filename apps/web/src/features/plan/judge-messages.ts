import type {
  DescribeIssue,
  GgufHeader,
  Machine,
  PlaceFigures,
  RunRequest,
  SpeedEstimate,
  Tokens,
  Verdict,
} from '@berth/core'

/** What the page tells a judge: the model once, then one machine at a time. */
export type ToJudge =
  | { readonly kind: 'model'; readonly version: number; readonly header: GgufHeader }
  | { readonly kind: 'judge'; readonly job: number; readonly machine: Machine; readonly request: RunRequest }

/** What is worked out of one offered placement beside its verdict. */
export interface OfferFigures {
  /** How its sizes come about, place by place. */
  readonly places?: readonly PlaceFigures[]
  readonly speed: SpeedEstimate
}

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
