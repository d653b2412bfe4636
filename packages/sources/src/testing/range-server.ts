import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A local server that answers ranges, or misbehaves in a way of the test's choosing. */
export interface RangeServer {
  readonly url: string
  /** Requests as they came: method and path, range, authorization. */
  readonly seen: readonly SeenRequest[]
  /** Bytes handed to the network on connections that are closed by now. */
  readonly sent: () => number
  readonly close: () => Promise<void>
}

interface SeenRequest {
  readonly path: string
  readonly range: string | undefined
  readonly authorization: string | undefined
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  /** First and last byte asked for. */
  readonly range: readonly [number, number] | undefined
  /** From 0. */
  readonly index: number
}

export type Handler = (exchange: Exchange) => void

export const startServer = async (handler: Handler): Promise<RangeServer> => {
  const seen: SeenRequest[] = []
  const server = createServer((request, response) => {
    const { range, authorization } = request.headers
    const path = request.url ?? ''
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
    const index = seen.push({ path, range, authorization }) - 1
    const asked = from === undefined ? undefined : ([Number(from), Number(to)] as const)
    handler({ request, response, path, range: asked, index })
  })
  let sent = 0
  server.on('connection', (socket) => {
    socket.on('close', () => {
      sent += socket.bytesWritten
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    sent: () => sent,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Answers ranges as it should; files as they are named by path. */
export const serveFiles =
  (files: Readonly<Record<string, Uint8Array>>): Handler =>
  ({ response, path, range }) => {
    const file = files[decodeURIComponent(path.split('?')[0]!)]
    if (file === undefined) return void response.writeHead(404).end('no such file')
    answerRange(response, file, range)
  }

export const answerRange = (
  response: ServerResponse,
  file: Uint8Array,
  range: readonly [number, number] | undefined,
): void => {
  const [from, last] = range ?? [0, file.length - 1]
  if (from >= file.length) {
    return void response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end()
  }
  const to = Math.min(last, file.length - 1)
  response.writeHead(206, {
    'content-range': `bytes ${from}-${to}/${file.length}`,
    'content-length': to + 1 - from,
    etag: '"one"',
  })
  response.end(file.subarray(from, to + 1))
}
