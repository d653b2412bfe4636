import { bytes } from '@berth/core'
import { readModelFromBytes } from '@berth/gguf'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../errors.ts'
import { importModel } from '../model/import.ts'
import { importModelOutput, MAX_UPLOAD_BYTES, uploadModelInput } from '../model/schema.ts'
import type { MakeContext } from '../rest.ts'
import { invalidInput } from '../to-api-error.ts'

/**
 * `POST /models/upload?fileName=…&fileBytes=…`, the body being the file's first bytes: for a file on the disk of whoever
 * asks. The name and size are of the whole file. A header that the bytes cut off answers how many are needed.
 */
export function uploadRoute(server: FastifyInstance, makeContext: MakeContext): void {
  server.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body)
  })
  server.post('/models/upload', { bodyLimit: MAX_UPLOAD_BYTES }, async (request) => {
    const context = makeContext(request)
    if (!(await context.mayImport())) {
      throw new ApiError('rate-limited', 'Too many imports in the last minute.', { retryAfterSeconds: 60 })
    }
    if (!Buffer.isBuffer(request.body)) {
      throw new ApiError('unsupported-media-type', 'The body must be application/octet-stream.')
    }
    const { fileName, fileBytes } = parseQuery(request.query)
    if (request.body.length > fileBytes) {
      const message = `must not be less than the ${request.body.length} bytes that were sent`
      throw new ApiError('invalid-input', `fileBytes: ${message}`, { fields: [{ path: 'fileBytes', message }] })
    }
    const file = await readModelFromBytes(request.body, { fileName, fileBytes: bytes(fileBytes) })
    return importModelOutput.parse(await importModel(context, { kind: 'file', file }))
  })
}

function parseQuery(query: unknown) {
  const result = uploadModelInput.safeParse(query)
  if (!result.success) throw invalidInput(result.error)
  return result.data
}
