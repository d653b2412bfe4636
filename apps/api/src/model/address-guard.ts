import { lookup as resolveName, type LookupAddress, type LookupOptions } from 'node:dns'
import type { Fetch } from '@berth/gguf'
import ipaddr from 'ipaddr.js'
import { Agent, fetch as undiciFetch } from 'undici'

/** Where the hub keeps its files; everything else is for whoever runs the server to add. */
const HUB_HOSTS = ['huggingface.co', '*.huggingface.co', 'hf.co', '*.hf.co'] as const

const CONNECT_TIMEOUT_MS = 10_000

export interface GuardOptions {
  /** `host`, `host:port`, `*.host`: taken at their word, private addresses and plain http included. `*`: any public host. */
  readonly allowHosts: readonly string[]
  /** The hub; its host is allowed as if it were listed. */
  readonly hfEndpoint: string
  readonly lookup?: Lookup
}

type Lookup = (
  host: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

export interface AddressGuard {
  /** Throws, saying why, for what may not be fetched. Asked before each request, redirects included. */
  readonly allowUrl: (url: URL) => true
  /** Connects only to addresses that were checked: a name may resolve to another address the second time. */
  readonly fetch: Fetch
  readonly close: () => Promise<void>
}

/**
 * Keeps the server from being sent to its own network (SSRF): unless the host was configured, only https on its usual
 * port, only listed names, and only addresses of the public internet, checked as a literal and when it is looked up.
 */
export function createAddressGuard({ allowHosts, hfEndpoint, lookup = resolveName }: GuardOptions): AddressGuard {
  const isHub = (url: URL) => HUB_HOSTS.some((pattern) => matches(url, pattern))
  const endpoint = new URL(hfEndpoint)
  // The public hub is listed like its mirrors are configured, but is held to what holds for the public internet.
  const configured = [...allowHosts.filter((host) => host !== '*'), ...(isHub(endpoint) ? [] : [endpoint.host])]
  const isConfigured = (url: URL) => configured.some((pattern) => matches(url, pattern))
  const isListed = (url: URL) => allowHosts.includes('*') || isHub(url)
  const connect = { timeout: CONNECT_TIMEOUT_MS }
  const trusting = new Agent({ connect })
  const checking = new Agent({ connect: { ...connect, lookup: publicOnly(lookup) } })

  const fetch = (async (input: URL, init: object) =>
    undiciFetch(input, { ...init, dispatcher: isConfigured(input) ? trusting : checking })) as unknown as Fetch

  return {
    allowUrl: (url) => {
      if (isConfigured(url)) return true
      if (!isListed(url)) throw new Error(`${url.host} is not among the hosts that models may come from`)
      if (url.protocol !== 'https:') throw new Error('only https is fetched')
      if (url.port !== '') throw new Error('only the usual port of https is fetched')
      const literal = literalAddress(url.hostname)
      if (literal !== undefined && !isPublic(literal)) throw new Error(`${literal} is not a public address`)
      return true
    },
    fetch,
    close: async () => {
      await Promise.all([trusting.close(), checking.close()])
    },
  }
}

/** A pattern without a port stands for the usual ports alone. */
function matches(url: URL, pattern: string): boolean {
  const [, host = '', port = ''] = /^(.*?)(?::(\d+))?$/.exec(pattern) ?? []
  const usual = url.protocol === 'https:' ? '443' : '80'
  if (port === '' ? url.port !== '' : (url.port === '' ? usual : url.port) !== port) return false
  return host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host
}

/** The URL parser has already turned `2130706433`, `0x7f.1` and their like into dotted form. */
function literalAddress(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return ipaddr.isValid(bare) ? bare : undefined
}

/** Not loopback, private, link-local, shared, reserved …, nor any of these inside an IPv6 address. */
export const isPublic = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast'

const publicOnly =
  (lookup: Lookup) =>
  (host: string, options: LookupOptions, callback: (error: Error | null, addresses: LookupAddress[]) => void): void => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, [])
      const hidden = addresses.find(({ address }) => !isPublic(address))
      if (hidden === undefined) return callback(null, addresses)
      return callback(new Error(`${host} resolves to ${hidden.address}, which is not a public address`), [])
    })
  }
