import type { FromJudge } from './judge-messages.ts'
import type { Judge } from './judge-pool.ts'

/** Starts a worker that judges, its messages handed to `onMessage`. */
export const hireJudge = (onMessage: (message: FromJudge) => void): Judge => {
  const worker = new Worker(new URL('judge.worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<FromJudge>) => onMessage(data))
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- between a page and its worker, no window
  return { post: (message) => worker.postMessage(message), close: () => worker.terminate() }
}
