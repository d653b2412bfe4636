import { ApiError } from './errors.ts'

/** One number, shared with threads: not 0 once nobody waits for their answer any more. */
export const newFlag = (): Int32Array => new Int32Array(new SharedArrayBuffer(4))

/**
 * Tells threads when the client goes away, or when one of them has failed and the others work for nobody.
 *
 * @throws {ApiError} `aborted`, and what `work` throws.
 */
export async function cancellable<Value>(
  signal: AbortSignal | undefined,
  work: (cancelled: Int32Array) => Promise<Value>,
): Promise<Value> {
  const cancelled = newFlag()
  const cancel = () => void Atomics.store(cancelled, 0, 1)
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    const value = await work(cancelled)
    if (signal?.aborted === true) throw new ApiError('aborted', 'The client went away.')
    return value
  } catch (error) {
    cancel()
    throw error
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
}
