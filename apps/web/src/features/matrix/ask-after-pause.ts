/** Long enough for a slider to move on, too short to be felt. */
export const PAUSE_MS = 120
/** From here on a wait is told of, and can be given up. */
export const SLOW_MS = 300

export interface PausedQuestion<Answer> {
  readonly ask: (signal: AbortSignal) => Promise<Answer>
  readonly onAnswer: (answer: Answer) => void
  readonly onFailure: (error: unknown) => void
  /** It takes longer than one looks away for. */
  readonly onSlow: () => void
}

/** Asks after a pause; gives back how to ask no more, after which nothing is told. */
export function askAfterPause<Answer>({ ask, onAnswer, onFailure, onSlow }: PausedQuestion<Answer>): () => void {
  const controller = new AbortController()
  const { signal } = controller
  let slow: ReturnType<typeof setTimeout> | undefined
  const run = async (): Promise<void> => {
    slow = setTimeout(onSlow, SLOW_MS)
    try {
      const answer = await ask(signal)
      if (!signal.aborted) onAnswer(answer)
    } catch (error) {
      if (!signal.aborted) onFailure(error)
    } finally {
      clearTimeout(slow)
    }
  }
  const pause = setTimeout(() => void run(), PAUSE_MS)
  return () => {
    clearTimeout(pause)
    clearTimeout(slow)
    controller.abort()
  }
}
