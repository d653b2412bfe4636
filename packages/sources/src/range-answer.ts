import { SourceError } from './issue.ts'
import { shown, shownUrl } from './shown.ts'

/** What the head of an answer to a Range request says. */
export interface RangeAnswer {
  /** The whole file, from its start, instead of the range. */
  readonly whole: boolean
  /** Where in the file the body ends, exclusive, if it is said. */
  readonly end: number | undefined
  /** The whole file's size, if it is said. */
  readonly total: number | undefined
  readonly etag: string | undefined
}

export interface AskedRange {
  readonly url: URL
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

/**
 * Judges status and headers of an answer to `Range: bytes=from-(to-1)`.
 *
 * @throws SourceError one code for each way it can be wrong
 */
export const readRangeAnswer = (response: Response, asked: AskedRange): RangeAnswer => {
  const encoding = response.headers.get('content-encoding')
  const encoded = encoding !== null && encoding.toLowerCase() !== 'identity'
  const etag = strongEtag(response.headers.get('etag'))
  if (response.status === 206) {
    if (encoded) throw wrongRange(asked, `it is encoded (${shown(encoding)})`)
    return { whole: false, etag, ...contentRange(response.headers.get('content-range'), asked) }
  }
  if (response.status !== 200) throw statusError(response, asked)
  if (asked.from > 0) throw new SourceError({ code: 'range-ignored', address: shownUrl(asked.url), from: asked.from })
  // The length of an encoded body says nothing about the file's.
  const total = encoded ? undefined : wholeNumber(response.headers.get('content-length'))
  return { whole: true, end: total, total, etag }
}

function contentRange(header: string | null, asked: AskedRange): Pick<RangeAnswer, 'end' | 'total'> {
  if (header === null) throw wrongRange(asked, 'it has no Content-Range')
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(header.trim())
  const [, first, last, size] = match ?? []
  const start = wholeNumber(first)
  const end = wholeNumber(last)
  const total = size === '*' ? undefined : wholeNumber(size)
  const consistent =
    start === asked.from &&
    end !== undefined &&
    end >= start &&
    end < asked.to &&
    (size === '*' || (total !== undefined && end < total))
  if (!consistent) {
    throw wrongRange(asked, `Content-Range is ${shown(header)}, asked for bytes ${asked.from}-${asked.to - 1}`)
  }
  return { end: end + 1, total }
}

const wrongRange = (asked: AskedRange, problem: string): SourceError =>
  new SourceError({ code: 'bad-range-answer', address: shownUrl(asked.url), problem })

/** A status that is no answer, as an error of its own. The body is not looked at: it may be anything. */
export const statusError = (response: Response, { url, from }: Pick<AskedRange, 'url' | 'from'>): SourceError => {
  const { status } = response
  const address = shownUrl(url)
  switch (status) {
    case 401:
      return new SourceError({ code: 'unauthorized', address })
    case 403:
      return new SourceError({ code: 'forbidden', address })
    case 404:
    case 410:
      return new SourceError({ code: 'not-found', address })
    case 416:
      return new SourceError({ code: 'range-not-satisfiable', address, from })
    case 429: {
      const retryAfter = shown(response.headers.get('retry-after') ?? 'a while')
      return new SourceError({ code: 'rate-limited', address, retryAfter })
    }
    default:
      return new SourceError({ code: status >= 500 ? 'server-error' : 'unexpected-status', address, status })
  }
}

/** Weak tags compare meaning, not bytes. */
const strongEtag = (etag: string | null): string | undefined =>
  etag === null || etag.startsWith('W/') ? undefined : etag

const wholeNumber = (text: string | null | undefined): number | undefined => {
  if (text === null || text === undefined || !/^\d{1,16}$/.test(text)) return undefined
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : undefined
}
