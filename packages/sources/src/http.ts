import { SourceError, isSourceError } from './issue.ts'
import { shown, shownUrl } from './shown.ts'
import type { HeadSource } from './head-source.ts'
import { MAX_REQUESTS_A_FILE } from './limits.ts'
import { createPrefixBuffer, type PrefixBuffer } from './prefix-buffer.ts'
import { readRangeAnswer, type RangeAnswer } from './range-answer.ts'
import { CONNECTION_BROKE, type Answer, type Request, type Transport } from './transport.ts'

export interface HttpSourceOptions extends Pick<Request, 'url' | 'token'> {
  readonly transport: Transport
  readonly fileName: string
  /** How far into the file each request reaches; those after the last, to `maxHeaderBytes`. */
  readonly steps: readonly number[]
  readonly maxHeaderBytes: number
  /** Says more about a failed status than HTTP does. */
  readonly explainStatus?: ((error: SourceError, response: Response) => SourceError) | undefined
}

/** An answer whose body is being read. */
interface Open {
  readonly answer: Answer
  /** Where in the file its body ends, if it said. */
  readonly end: number | undefined
  readonly whole: boolean
}

/** The one piece of mutable state. */
interface Reading {
  readonly options: HttpSourceOptions
  readonly address: string
  readonly buffer: PrefixBuffer
  /** Where the last answer came from: later requests go straight there. */
  origin: Pick<Request, 'url' | 'token'>
  first: RangeAnswer | undefined
  open: Open | undefined
  requests: number
  fileBytes: number | undefined
}

/**
 * Reads a file's first bytes by Range requests, the next only when the last is used up, and stops in mid-answer once
 * the header is complete. A server that ignores the first request's range answers with the whole file from its
 * start, which is as good: its body is read as far as the header reaches and then dropped. A server that ignores a
 * later one is an error (`range-ignored`).
 */
export const createHttpSource = (options: HttpSourceOptions): HeadSource => {
  const reading: Reading = {
    options,
    address: shownUrl(options.url),
    buffer: createPrefixBuffer(),
    origin: options,
    first: undefined,
    open: undefined,
    requests: 0,
    fileBytes: undefined,
  }
  return {
    fileName: options.fileName,
    head: async (count) => {
      while (reading.buffer.length() < count && !isEnded(reading)) {
        reading.open ??= await request(reading, count)
        await receive(reading, reading.open)
      }
      return { bytes: reading.buffer.bytes(), ended: isEnded(reading) }
    },
    fileBytes: () => reading.fileBytes,
    close: async () => reading.open?.answer.cancel(),
  }
}

const isEnded = ({ buffer, fileBytes }: Reading): boolean => fileBytes !== undefined && buffer.length() >= fileBytes

async function request(reading: Reading, count: number): Promise<Open> {
  const { options, address } = reading
  const from = reading.buffer.length()
  const step = options.steps[reading.requests] ?? options.maxHeaderBytes
  reading.requests++
  if (reading.requests > MAX_REQUESTS_A_FILE) {
    const problem = `${MAX_REQUESTS_A_FILE} answers hold only ${from} bytes`
    throw new SourceError({ code: 'bad-range-answer', address, problem })
  }
  const to = Math.min(Math.max(count, step), reading.fileBytes ?? Infinity)
  const headers = { range: `bytes=${from}-${to - 1}`, 'accept-encoding': 'identity' }
  const answer = await options.transport.get({ ...reading.origin, headers })
  try {
    const range = readRangeAnswer(answer.response, { url: reading.origin.url, from, to })
    if (reading.first !== undefined) assertSameFile(reading.first, range, address)
    reading.first ??= range
    reading.fileBytes ??= range.total
    reading.origin = answer.origin
    return { answer, end: range.end, whole: range.whole }
  } catch (error) {
    await answer.cancel()
    throw isSourceError(error) ? (options.explainStatus?.(error, answer.response) ?? error) : error
  }
}

async function receive(reading: Reading, { answer, end, whole }: Open): Promise<void> {
  const { buffer, address } = reading
  const closedEarly = (): SourceError =>
    new SourceError({ code: 'connection-closed', address, received: buffer.length(), expected: end ?? 'unknown' })
  const chunk = await answer.read().catch((error: unknown) => {
    throw error === CONNECTION_BROKE ? closedEarly() : error
  })
  if (chunk !== undefined) {
    buffer.append(chunk)
    if (end === undefined || buffer.length() < end) return
    if (!whole && buffer.length() > end) {
      throw new SourceError({ code: 'bad-range-answer', address, problem: 'it holds more than the range it names' })
    }
  } else if (end !== undefined && buffer.length() < end) {
    throw closedEarly()
  }
  // The answer is complete.
  reading.open = undefined
  if (whole) reading.fileBytes ??= buffer.length()
  await answer.cancel()
}

function assertSameFile(first: RangeAnswer, next: RangeAnswer, address: string): void {
  const changed = (problem: string): SourceError => new SourceError({ code: 'changed-during-read', address, problem })
  if (first.total !== next.total) throw changed(`its size went from ${first.total} to ${next.total}`)
  if (first.etag !== next.etag) {
    throw changed(`its ETag went from ${shown(String(first.etag))} to ${shown(String(next.etag))}`)
  }
}
