import { SourceError, isSourceError } from './issue.ts'
import { shown, shownUrl } from './shown.ts'
import { MAX_REDIRECTS, RESPONSE_TIMEOUT_MS, STALL_TIMEOUT_MS, TOTAL_TIMEOUT_MS } from './limits.ts'
import { isRedirect, redirectTarget } from './redirect.ts'

export type Fetch = typeof globalThis.fetch

export interface TransportOptions {
  readonly fetch?: Fetch | undefined
  /** Asked before every request, redirects included. False or an exception refuses the address. */
  readonly allowUrl?: ((url: URL) => boolean | Promise<boolean>) | undefined
  readonly signal?: AbortSignal | undefined
  readonly timeouts?: Partial<Timeouts> | undefined
}

interface Timeouts {
  readonly responseMs: number
  readonly stallMs: number
  /** From the transport's making to the last byte of the last answer. */
  readonly totalMs: number
}

export interface Request {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** A bearer token for the URL's own origin. It is dropped at the first redirect to another and stays dropped. */
  readonly token?: string | undefined
}

/** The answer after all redirects, its body not yet read. */
export interface Answer {
  readonly response: Response
  /** Where it came from, and what is still good there: later requests can skip the redirects. */
  readonly origin: Pick<Request, 'url' | 'token'>
  /** The next piece of the body; undefined at its end. Rejects with what the connection failed of. */
  readonly read: () => Promise<Uint8Array | undefined>
  readonly cancel: () => Promise<void>
}

export interface Transport {
  readonly get: (request: Request) => Promise<Answer>
  /** Requests sent so far, redirects included. */
  readonly requests: () => number
}

/** A connection that broke while a body was read; the source knows how much was due. */
export const CONNECTION_BROKE = Symbol('connection broke')

export const createTransport = (options: TransportOptions): Transport => {
  const timeouts: Timeouts = {
    responseMs: options.timeouts?.responseMs ?? RESPONSE_TIMEOUT_MS,
    stallMs: options.timeouts?.stallMs ?? STALL_TIMEOUT_MS,
    totalMs: options.timeouts?.totalMs ?? TOTAL_TIMEOUT_MS,
  }
  const context: Context = { ...options, timeouts, deadline: performance.now() + timeouts.totalMs }
  let requests = 0
  const get = async (request: Request): Promise<Answer> => {
    let { url, token } = request
    for (let hop = 0; ; hop++) {
      await assertAllowed(context, url)
      requests++
      const answer = await send(context, { ...request, url, token })
      if (!isRedirect(answer.response)) return answer
      await answer.cancel()
      const target = redirectTarget(answer.response, url)
      if (hop === MAX_REDIRECTS) {
        throw new SourceError({ code: 'too-many-redirects', address: shownUrl(request.url), limit: MAX_REDIRECTS })
      }
      if (target.origin !== url.origin) token = undefined
      url = target
    }
  }
  return { get, requests: () => requests }
}

interface Context extends Omit<TransportOptions, 'timeouts'> {
  readonly timeouts: Timeouts
  readonly deadline: number
}

async function assertAllowed({ allowUrl }: Context, url: URL): Promise<void> {
  if (allowUrl === undefined) return
  const refused = (problem: string, cause?: unknown): SourceError =>
    new SourceError({ code: 'address-refused', address: shownUrl(url), problem }, { cause })
  let allowed: boolean
  try {
    allowed = await allowUrl(url)
  } catch (error) {
    throw isSourceError(error) ? error : refused(shown(error instanceof Error ? error.message : String(error)), error)
  }
  if (!allowed) throw refused('reading from there is not allowed')
}

async function send(context: Context, { url, headers, token }: Request): Promise<Answer> {
  const controller = new AbortController()
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const request = (context.fetch ?? globalThis.fetch)(url, {
    headers: { ...headers, ...authorization },
    redirect: 'manual',
    signal: controller.signal,
  })
  const response = await inTime(request, { context, controller, url, phase: 'response' }).catch((error: unknown) => {
    if (isSourceError(error)) throw error
    throw new SourceError(
      { code: 'connection-failed', address: shownUrl(url), problem: shown(failureOf(error)) },
      { cause: error },
    )
  })
  const reader = response.body?.getReader()
  return {
    response,
    origin: { url, token },
    read: async () => {
      if (reader === undefined) return undefined
      try {
        const { value } = await inTime(reader.read(), { context, controller, url, phase: 'body' })
        return value
      } catch (error) {
        throw isSourceError(error) ? error : CONNECTION_BROKE
      }
    },
    cancel: async () => {
      // Not awaited: an injected fetch may never settle it, and a body that broke rejects it.
      reader?.cancel().catch(() => undefined)
      controller.abort()
    },
  }
}

interface Wait {
  readonly context: Context
  readonly controller: AbortController
  readonly url: URL
  readonly phase: 'response' | 'body'
}

/** The work's outcome, or a timeout or abort whichever comes first; the connection is given up then. */
function inTime<Value>(work: Promise<Value>, { context, controller, url, phase }: Wait): Promise<Value> {
  const { timeouts, deadline, signal } = context
  const phaseMs = phase === 'response' ? timeouts.responseMs : timeouts.stallMs
  const remainingMs = Math.max(0, deadline - performance.now())
  const address = shownUrl(url)
  return new Promise((resolve, reject) => {
    const giveUp = (error: SourceError): void => {
      reject(error)
      controller.abort()
    }
    const onAbort = (): void => giveUp(new SourceError({ code: 'aborted', address }))
    const onTimeout = (): void =>
      giveUp(
        remainingMs < phaseMs
          ? new SourceError({ code: 'timeout', address, phase: 'total', limitMs: timeouts.totalMs })
          : new SourceError({ code: 'timeout', address, phase, limitMs: phaseMs }),
      )
    const timer = setTimeout(onTimeout, Math.min(phaseMs, remainingMs))
    signal?.addEventListener('abort', onAbort, { once: true })
    if (signal?.aborted === true) onAbort()
    const settle = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
    work.then(resolve, reject).finally(settle)
  })
}

/** fetch says only "fetch failed"; why is in its cause. */
const failureOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof Error) return 'code' in cause && cause.message === '' ? String(cause.code) : cause.message
  return error.message
}
