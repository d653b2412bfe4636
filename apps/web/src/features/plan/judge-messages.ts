import type {
  DescribeIssue,
  GgufHeader,
  LayerSplit,
  Machine,
  Mix,
  PlaceFigures,
  PreferenceId,
  RunRequest,
  SpeedEstimate,
  Tokens,
  Verdict,
} from '@berth/core'

/** The model that is planned for, and what else a plan of it looks at; headers, not yet described. */
export interface Subject {
  readonly header: GgufHeader
  /** Whom the objective leaves room for. */
  readonly other?: GgufHeader
  /** Of a catalogue model: its unquantized header, and the mixes that a file of it can be made in. */
  readonly mixes?: { readonly base: GgufHeader; readonly names: readonly Mix[] }
}

/** How the model is to run, on every machine that is asked about. */
export interface Wish {
  readonly request: RunRequest
  readonly preference?: PreferenceId
  /** Judged as it is, instead of a plan. */
  readonly split?: LayerSplit
}

/** What the page tells a judge: the model once, then one machine at a time. */
export type ToJudge =
  | { readonly kind: 'model'; readonly version: number; readonly subject: Subject }
  | { readonly kind: 'judge'; readonly job: number; readonly machine: Machine; readonly wish: Wish }

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
