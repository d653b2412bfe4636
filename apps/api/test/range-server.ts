import { once } from 'node:events'
import { open, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'

export interface RangeServer {
  /** `127.0.0.1:port` */
  readonly host: string
  readonly url: string
  /** Of each request, in order. */
  readonly seen: readonly { readonly path: string; readonly authorization: string | undefined }[]
  readonly close: () => Promise<void>
}

type Override = (request: IncomingMessage, response: ServerResponse) => boolean

/** Serves a folder's files by ranges, as a hub's storage does. `override` answers what it likes instead. */
export async function rangeServer(folder: string, override: Override = () => false): Promise<RangeServer> {
  const seen: { path: string; authorization: string | undefined }[] = []
  const server = createServer((request, response) => {
    seen.push({ path: request.url ?? '', authorization: request.headers.authorization })
    if (!override(request, response)) void serve(folder, request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    seen,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function serve(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = join(
    folder,
    decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname)
      .split('/')
      .at(-1) ?? '',
  )
  const size = await stat(path).then(
    (found) => found.size,
    () => undefined,
  )
  if (size === undefined) return void response.writeHead(404).end()
  const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? []
  const first = Number(from)
  const last = Math.min(to === '' ? size - 1 : Number(to), size - 1)
  const file = await open(path)
  const buffer = Buffer.alloc(last - first + 1)
  await file.read(buffer, 0, buffer.length, first)
  await file.close()
  response.writeHead(206, {
    'content-range': `bytes ${first}-${last}/${size}`,
    'content-length': buffer.length,
    'accept-ranges': 'bytes',
  })
  response.end(buffer)
}
