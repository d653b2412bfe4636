import type { RouterOutputs } from '@berth/api'

type Imported = RouterOutputs['models']['import']

const MEBIBYTE = 1024 ** 2

/**
 * How much of a file is sent: most headers fit the first step, and the API takes no more than the last. The weights behind
 * them stay where they are.
 */
const STEPS = [16 * MEBIBYTE, 64 * MEBIBYTE] as const

/** A refusal of the API, with its sentence. */
export class UploadError extends Error {
  override readonly name = 'UploadError'
}

/**
 * Sends a model file's leading bytes, more of them where the header turns out longer.
 *
 * @throws {UploadError} with the API's sentence, or that it could not be reached.
 */
export async function uploadHeader(file: File, onProgress: (sentBytes: number) => void): Promise<Imported> {
  let refusal = new UploadError('The file is empty.')
  for (const [index, step] of STEPS.entries()) {
    if (file.size === 0) break
    const head = file.slice(0, step)
    onProgress(head.size)
    const answer = await send(file, head)
    if (answer.ok) return answer.imported
    refusal = new UploadError(answer.detail)
    const whole = head.size === file.size
    if (answer.code !== 'gguf-truncated-header' || whole || index === STEPS.length - 1) break
  }
  throw refusal
}

type Answer =
  | { readonly ok: true; readonly imported: Imported }
  | { readonly ok: false; readonly code: string; readonly detail: string }

async function send(file: File, head: Blob): Promise<Answer> {
  const query = new URLSearchParams({ fileName: file.name, fileBytes: String(file.size) })
  try {
    const response = await fetch(`/api/v1/models/upload?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: head,
    })
    const body: unknown = await response.json()
    return response.ok ? { ok: true, imported: body as Imported } : { ok: false, ...problemOf(body) }
  } catch {
    return { ok: false, code: 'unreachable', detail: 'The server could not be reached. Nothing was saved.' }
  }
}

const problemOf = (body: unknown): { readonly code: string; readonly detail: string } => ({
  code: textOf(body, 'code'),
  detail: textOf(body, 'detail') || 'The server refused the file.',
})

const textOf = (body: unknown, key: string): string => {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[key] : undefined
  return typeof value === 'string' ? value : ''
}
