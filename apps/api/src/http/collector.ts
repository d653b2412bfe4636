import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

/** Long enough for a lab that is set up in one go, short enough for a new version to be had the same day. */
const KEPT_SECONDS = 300

/** `GET /collect.sh`: the script that machines run to report themselves. It holds no secret, so it asks for none. */
export function collectorRoute(server: FastifyInstance, script: string): void {
  const tag = `"${createHash('sha256').update(script).digest('hex').slice(0, 32)}"`
  server.get('/collect.sh', async (request, reply) => {
    void reply.header('etag', tag).header('cache-control', `public, max-age=${KEPT_SECONDS}`)
    if (request.headers['if-none-match'] === tag) return reply.code(304).send()
    return reply.type('text/x-shellscript; charset=utf-8').send(script)
  })
}
