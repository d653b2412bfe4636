import type { LookupAddress } from 'node:dns'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rangeServer, type RangeServer } from '../../test/range-server.ts'
import { createAddressGuard, isPublic } from './address-guard.ts'

const endpoint = 'https://huggingface.co'
const guardOf = (...allowHosts: readonly string[]) => createAddressGuard({ allowHosts, hfEndpoint: endpoint })
const isAllowed = (address: string, ...allowHosts: readonly string[]): boolean => {
  try {
    return guardOf(...allowHosts).allowUrl(new URL(address))
  } catch {
    return false
  }
}

describe('an address', () => {
  it.each([
    'https://huggingface.co/org/repo/resolve/main/x.gguf',
    'https://HuggingFace.co/x',
    'https://huggingface.co:443/x',
    'https://cdn-lfs.huggingface.co/x',
    'https://cdn-lfs-us-1.hf.co/x',
    'https://cas-bridge.xethub.hf.co/x',
    'https://hf.co/x',
  ])('of the hub is allowed: %s', (address) => {
    expect(isAllowed(address)).toBe(true)
  })

  it.each([
    'http://huggingface.co/x',
    'http://cdn-lfs.huggingface.co/x',
    'https://huggingface.co:8443/x',
    'https://huggingface.co.evil.example/x',
    'https://evilhuggingface.co/x',
    'https://evil-hf.co/x',
    'https://huggingface.co@evil.example/x',
    'https://evil.example/huggingface.co',
    'https://example.com/x',
    'http://localhost/x',
    'https://localhost/x',
    'http://127.0.0.1/x',
    'https://127.0.0.1/x',
    'https://127.1/x',
    'https://2130706433/x',
    'https://0x7f.1/x',
    'https://0177.0.0.1/x',
    'https://0/x',
    'https://[::1]/x',
    'https://[::]/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://[::ffff:7f00:1]/x',
    'https://[fe80::1]/x',
    'https://[fd00::1]/x',
    'https://[64:ff9b::7f00:1]/x',
    'https://[2002:7f00:1::]/x',
    'https://10.0.0.1/x',
    'https://172.16.0.1/x',
    'https://192.168.1.1/x',
    'https://100.64.0.1/x',
    'http://169.254.169.254/latest/meta-data',
    'https://169.254.169.254/x',
    'https://metadata.google.internal/x',
    'https://224.0.0.1/x',
    'https://255.255.255.255/x',
    'https://198.18.0.1/x',
    'https://localhost.localdomain/x',
    'https://huggingface.co。evil.example/x',
  ])('is refused by default: %s', (address) => {
    expect(isAllowed(address)).toBe(false)
  })

  it.each([
    ['https://127.0.0.1/x', '*'],
    ['https://[::1]/x', '*'],
    ['https://2130706433/x', '*'],
    ['https://192.168.1.1/x', '*'],
    ['https://169.254.169.254/x', '*'],
    ['https://[::ffff:10.0.0.1]/x', '*'],
    ['http://example.com/x', '*'],
    ['https://example.com:8443/x', '*'],
    ['http://models.lab:8081/x', 'models.lab:8080'],
    ['http://models.lab:8080/x', 'models.lab'],
    ['https://models.lab.evil.example/x', 'models.lab'],
    ['https://lab/x', '*.lab'],
    ['http://127.0.0.2:8080/x', '127.0.0.1:8080'],
  ])('%s is refused with %s configured', (address, configured) => {
    expect(isAllowed(address, configured)).toBe(false)
  })

  it.each([
    ['https://example.com/x', '*'],
    ['https://1.1.1.1/x', '*'],
    ['http://models.lab:8080/x', 'models.lab:8080'],
    ['https://models.lab/x', 'models.lab'],
    ['http://models.lab/x', 'models.lab:80'],
    ['https://models.lab/x', 'models.lab:443'],
    ['https://a.b.lab/x', '*.lab'],
    ['http://127.0.0.1:8080/x', '127.0.0.1:8080'],
    ['http://[::1]:8080/x', '[::1]:8080'],
  ])('%s is allowed with %s configured', (address, configured) => {
    expect(isAllowed(address, configured)).toBe(true)
  })

  it('of a mirror that stands for the hub is allowed as it is configured', () => {
    const guard = createAddressGuard({ allowHosts: [], hfEndpoint: 'http://models.lab:8080' })
    expect(guard.allowUrl(new URL('http://models.lab:8080/x'))).toBe(true)
    expect(() => guard.allowUrl(new URL('http://models.lab:8081/x'))).toThrow('models.lab:8081')
  })

  it.each([
    ['8.8.8.8', true],
    ['2606:4700:4700::1111', true],
    ['::ffff:8.8.8.8', true],
    ['127.0.0.1', false],
    ['::ffff:127.0.0.1', false],
    ['0.0.0.0', false],
    ['192.0.2.1', false],
    ['240.0.0.1', false],
    ['fc00::1', false],
    ['2001:db8::1', false],
    ['', false],
    ['nonsense', false],
  ])('%s is public: %s', (address, expected) => {
    expect(isPublic(address)).toBe(expected)
  })
})

describe('a name', () => {
  let server: RangeServer
  beforeAll(async () => {
    server = await rangeServer('.', (_, response) => {
      response.end('reached')
      return true
    })
  })
  afterAll(() => server.close())

  const resolving = (...addresses: readonly LookupAddress[]) =>
    createAddressGuard({
      allowHosts: [],
      hfEndpoint: endpoint,
      lookup: (_host, _options, callback) => callback(null, [...addresses]),
    })
  const failure = async (guard: ReturnType<typeof resolving>, url: string): Promise<string> => {
    const error: unknown = await guard.fetch(new URL(url)).catch((thrown: unknown) => thrown)
    await guard.close()
    return error instanceof Error && error.cause instanceof Error ? error.cause.message : 'nothing was refused'
  }

  it('that leads to this machine is not connected to', async () => {
    const guard = resolving({ address: '127.0.0.1', family: 4 })
    const url = `http://huggingface.co:${new URL(server.url).port}/x`
    expect(await failure(guard, url)).toBe('huggingface.co resolves to 127.0.0.1, which is not a public address')
    expect(server.seen).toEqual([])
  })

  it('is not connected to when one of its addresses is private', async () => {
    const addresses = [
      { address: '1.1.1.1', family: 4 },
      { address: 'fd00::1', family: 6 },
    ]
    expect(await failure(resolving(...addresses), 'https://huggingface.co/x')).toContain('fd00::1')
  })

  it('that was configured may lead anywhere', async () => {
    const guard = createAddressGuard({ allowHosts: [server.host], hfEndpoint: endpoint })
    expect(await (await guard.fetch(new URL(server.url))).text()).toBe('reached')
    await guard.close()
  })
})
