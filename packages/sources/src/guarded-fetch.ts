import { createPrefixBuffer } from './prefix-buffer.ts'
import { CONNECTION_BROKE, type Answer, type Fetch, type Transport } from './transport.ts'

export interface GuardedFetchOptions {
  readonly transport: Transport
  /** The token that goes along to this URL, if any. */
  readonly tokenFor: (url: URL) => string | undefined
  readonly maxBodyBytes: number
  /** Asked before each request; what it throws is what the caller sees. */
  readonly onRequest: () => void
  /** Judges an answer by its head; what it throws is what the caller sees. */
  readonly onAnswer: (response: Response, url: URL) => void
  readonly onBodyTooLong: () => Error
  readonly onBodyBroken: () => Error
}

/**
 * A transport as a `fetch` that a library can be handed: GET only, redirects, timeouts and the address guard are the
 * transport's, the body arrives whole or not at all, and no header of the library's but `accept` goes out.
 */
export const createGuardedFetch =
  (options: GuardedFetchOptions): Fetch =>
  async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const accept = new Headers(init?.headers).get('accept') ?? '*/*'
    options.onRequest()
    const answer = await options.transport.get({ url, headers: { accept }, token: options.tokenFor(url) })
    try {
      options.onAnswer(answer.response, url)
      const { status, headers } = answer.response
      return new Response(await readBody(answer, options), { status, headers })
    } finally {
      await answer.cancel()
    }
  }

async function readBody(answer: Answer, options: GuardedFetchOptions): Promise<Uint8Array<ArrayBuffer>> {
  const buffer = createPrefixBuffer()
  try {
    for (let chunk = await answer.read(); chunk !== undefined; chunk = await answer.read()) {
      buffer.append(chunk)
      if (buffer.length() > options.maxBodyBytes) throw options.onBodyTooLong()
    }
  } catch (error) {
    throw error === CONNECTION_BROKE ? options.onBodyBroken() : error
  }
  return new Uint8Array(buffer.bytes())
}
