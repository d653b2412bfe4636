import type {
  DescribeIssue,
  EngineAlone,
  GgufHeader,
  LayerSplit,
  Machine,
  Mix,
  PlaceFigures,
  PreferenceId,
  RunRequest,
  Solution,
  SpeedEstimate,
  Tokens,
  UnknownId,
  Verdict,
} from '@berth/core'
import type { PlannedHeader } from './planned-header.ts'

/** The model that is planned for, and what else a plan of it looks at; headers, not yet described. */
export interface Subject {
  readonly header: PlannedHeader
  /** Whom the objective leaves room for. */
  readonly other?: GgufHeader
  /** Of a catalogue model: its unquantized header, and the mixes that a file of it can be made in. */
  readonly mixes?: { readonly base: GgufHeader; readonly names: readonly Mix[] }
}

/** How the model is to run, on every machine that is asked about, and what is asked. */
export type Wish = { readonly request: RunRequest; /** As `readEngine` reads it. */ readonly engine: string } & (
  | {
      readonly kind: 'plan'
      readonly preference?: PreferenceId
      /** Judged as it is, instead of a plan. */
      readonly split?: LayerSplit
    }
  /** What the engine would do of itself. */
  | { readonly kind: 'alone' }
  /** The best value of one thing, the rest as it is asked. */
  | { readonly kind: 'solve'; readonly unknown: UnknownId }
)

export type WishKind = Wish['kind']
export type WishOf<Kind extends WishKind> = Extract<Wish, { readonly kind: Kind }>

/** What each wish is answered with, for one machine. */
export interface Answers {
  readonly plan: { readonly verdict: Verdict; readonly figures: readonly OfferFigures[] }
  /** Absent where the engine decides nothing of itself. */
  readonly alone: {
    readonly alone?: EngineAlone
    /** How it comes to that, a sentence a decision. */
    readonly account: readonly string[]
  }
  readonly solve: { readonly solution: Solution }
}

/** What the page tells a judge: the model once, then one machine at a time. */
export type ToJudge =
  | { readonly kind: 'model'; readonly version: number; readonly subject: Subject }
  | { readonly kind: 'judge'; readonly job: number; readonly machine: Machine; readonly wish: Wish }

/** What is worked out of one offered placement beside its verdict. */
export interface OfferFigures {
  /** How its sizes come about, place by place. */
  readonly places?: readonly PlaceFigures[]
  /** Absent for folders of EXL2 and EXL3. */
  readonly speed?: SpeedEstimate
  /** How an engine that places layers itself comes to it, a sentence a decision. */
  readonly account?: readonly string[]
}

/** What the page needs of a model beside its verdicts. */
export type ModelAnswer =
  | { readonly ok: true; readonly contextLengthTrained: Tokens }
  | { readonly ok: false; readonly issue: DescribeIssue }

export type FromJudge =
  | { readonly kind: 'model'; readonly version: number; readonly answer: ModelAnswer }
  | { readonly kind: 'answer'; readonly job: number; readonly answer: Answers[WishKind] }
  /** A bug, not an answer: what does not fit is a verdict. */
  | { readonly kind: 'failure'; readonly job: number; readonly message: string }
