import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from '../errors.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/
const LISTENS_ON_LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/

export interface BrowserGuardOptions {
  /** What the server listens on. */
  readonly host: string
  /** Names it answers to beyond loopback's, `host` or `host:port`. */
  readonly publicHosts: readonly string[]
}

/**
 * Keeps other sites' pages from using a browser that can reach this server: their names must not be made to point here
 * (DNS rebinding), and their forms and scripts must not change anything (CSRF). Scripts outside a browser send none of
 * the headers that are looked at, and pass.
 */
export function guardBrowsers(server: FastifyInstance, { host, publicHosts }: BrowserGuardOptions): void {
  const checksHost = publicHosts.length > 0 || LISTENS_ON_LOOPBACK.test(host)
  server.addHook('onRequest', async (request) => {
    if (checksHost && !answersTo(request.host, publicHosts)) {
      throw new ApiError(
        'host-not-allowed',
        `This server does not answer to ${shown(request.host)} (BERTH_PUBLIC_HOSTS).`,
      )
    }
    if (!SAFE.has(request.method) && isCrossSite(request)) {
      throw new ApiError('cross-site-request', 'Changes are taken from this server’s own pages alone.')
    }
  })
}

function answersTo(host: string, publicHosts: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, '')
  return LOOPBACK.test(name) || publicHosts.some((allowed) => allowed === name || allowed === host.toLowerCase())
}

function isCrossSite({ headers, protocol, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  const { origin } = headers
  return origin !== undefined && origin.toLowerCase() !== `${protocol}://${host}`.toLowerCase()
}

const shown = (text: string): string => text.replaceAll(/[^\x20-\x7E]/g, '?').slice(0, 100)
