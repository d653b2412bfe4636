import type { Machine } from '@berth/core'
import type { Answers, FromJudge, ModelAnswer, Subject, ToJudge, WishKind, WishOf } from './judge-messages.ts'

/** A worker, as far as the pool goes. */
export interface Judge {
  readonly post: (message: ToJudge) => void
  readonly close: () => void
}

export interface Question<Kind extends WishKind = 'plan'> {
  readonly subject: Subject
  /** In the order they are to be judged. */
  readonly machines: readonly Machine[]
  readonly wish: WishOf<Kind>
}

export type Judgement<Kind extends WishKind = 'plan'> =
  | ({ readonly ok: true } & Answers[Kind])
  | { readonly ok: false; readonly message: string }

export interface Listener<Kind extends WishKind = 'plan'> {
  readonly onModel: (answer: ModelAnswer) => void
  readonly onJudgement: (machine: Machine, judgement: Judgement<Kind>) => void
  readonly onDone: () => void
}

export interface JudgePool<Kind extends WishKind = 'plan'> {
  /** Asks anew; what is still open of the question before is dropped, and nobody hears of it any more. */
  readonly ask: (question: Question<Kind>, listener: Listener<Kind>) => void
  /** Ends the workers, at whatever they are; asking anew hires others. */
  readonly close: () => void
}

interface Seat {
  readonly judge: Judge
  /** The version of the model this judge was given last. */
  version: number
  busy: boolean
}

interface Asked<Kind extends WishKind> {
  readonly question: Question<Kind>
  readonly listener: Listener<Kind>
  readonly waiting: Machine[]
  readonly underWay: Map<number, Machine>
}

/** A subject and the number it goes by in messages, with what came of describing it. */
interface KnownModel {
  readonly version: number
  readonly subject: Subject
  readonly answer?: ModelAnswer
}

/**
 * Has machines judged by several workers, one machine at a time each, so that a changed question costs at most the
 * machine a worker is at. `hire` makes a worker that hands its messages to the function it is given.
 */
export function createJudgePool<Kind extends WishKind = 'plan'>(
  size: number,
  hire: (onMessage: (message: FromJudge) => void) => Judge,
): JudgePool<Kind> {
  const seats: Seat[] = []
  let asked: Asked<Kind> | undefined
  let model: KnownModel | undefined
  let jobs = 0

  const brief = (seat: Seat, { version, subject }: KnownModel): void => {
    if (seat.version === version) return
    seat.version = version
    seat.judge.post({ kind: 'model', version, subject })
  }

  const feed = (seat: Seat): void => {
    const machine = asked?.waiting.shift()
    if (!asked || !model || !machine) return
    brief(seat, model)
    jobs += 1
    seat.busy = true
    asked.underWay.set(jobs, machine)
    seat.judge.post({ kind: 'judge', job: jobs, machine, wish: asked.question.wish })
  }

  const hear = (seat: Seat, message: FromJudge): void => {
    if (message.kind === 'model') {
      if (message.version !== model?.version || model.answer) return
      model = { ...model, answer: message.answer }
      tellModel(asked, message.answer)
    } else {
      seat.busy = false
      settle(asked, message)
      feed(seat)
    }
  }

  const seatOne = (): void => {
    const seat: Seat = { version: 0, busy: false, judge: hire((message) => hear(seat, message)) }
    seats.push(seat)
  }

  return {
    ask: (question, listener) => {
      asked = { question, listener, waiting: [...question.machines], underWay: new Map() }
      const { subject } = question
      if (model?.subject !== subject) model = { version: (model?.version ?? 0) + 1, subject }
      while (seats.length < Math.min(size, Math.max(1, question.machines.length))) seatOne()
      // A model is described even where there is no machine to judge.
      if (seats[0]) brief(seats[0], model)
      if (model.answer) tellModel(asked, model.answer)
      for (const seat of seats) if (!seat.busy) feed(seat)
      if (question.machines.length === 0) listener.onDone()
    },
    close: () => {
      asked = undefined
      for (const { judge } of seats.splice(0)) judge.close()
    },
  }
}

/** What cannot be described cannot be judged either: the machines are then not asked about. */
function tellModel<Kind extends WishKind>(asked: Asked<Kind> | undefined, answer: ModelAnswer): void {
  if (!asked) return
  asked.listener.onModel(answer)
  if (answer.ok) return
  asked.waiting.length = 0
  asked.underWay.clear()
  asked.listener.onDone()
}

/** Passes on what is still asked for, and says when it was the last. */
function settle<Kind extends WishKind>(
  asked: Asked<Kind> | undefined,
  message: Exclude<FromJudge, { kind: 'model' }>,
): void {
  const machine = asked?.underWay.get(message.job)
  if (!asked || !machine) return
  asked.underWay.delete(message.job)
  asked.listener.onJudgement(
    machine,
    message.kind === 'answer'
      ? // A judge answers a wish by its kind.
        { ok: true, ...(message.answer as Answers[Kind]) }
      : { ok: false, message: message.message },
  )
  if (asked.waiting.length === 0 && asked.underWay.size === 0) asked.listener.onDone()
}
