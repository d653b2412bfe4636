import { answerTo } from './answer-to.ts'
import type { FromJudge, ToJudge } from './judge-messages.ts'
import { describeSubject, type Models } from './subject-models.ts'

/** The part of a worker's global scope that is used; the DOM's types describe a window instead. */
interface WorkerScope {
  readonly postMessage: (message: FromJudge) => void
  readonly addEventListener: (type: 'message', listener: (event: MessageEvent<ToJudge>) => void) => void
}

const scope = globalThis as unknown as WorkerScope

let models: Models | undefined

scope.addEventListener('message', ({ data }) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- between a page and its worker, no window
  scope.postMessage(data.kind === 'model' ? take(data) : judge(data))
})

function take({ version, subject }: Extract<ToJudge, { kind: 'model' }>): FromJudge {
  const described = describeSubject(subject)
  models = described.ok ? described.value : undefined
  if (!described.ok) return { kind: 'model', version, answer: { ok: false, issue: described.issue } }
  return {
    kind: 'model',
    version,
    answer: { ok: true, contextLengthTrained: described.value.model.contextLengthTrained },
  }
}

function judge({ job, machine, wish }: Extract<ToJudge, { kind: 'judge' }>): FromJudge {
  if (!models) return { kind: 'failure', job, message: 'There is no model to judge.' }
  try {
    return { kind: 'answer', job, answer: answerTo({ models, machine, wish }) }
  } catch (error) {
    return { kind: 'failure', job, message: error instanceof Error ? error.message : String(error) }
  }
}
