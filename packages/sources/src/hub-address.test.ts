import { describe, expect, it } from 'vitest'
import { hubFileUrl, parseEndpoint } from './hub-address.ts'

describe('a hub', () => {
  it.each(['https://hub.example', 'https://hub.example/', 'https://hub.example//'])('%s has files', (endpoint) => {
    const file = { repo: 'org/repo', revision: 'refs/pr/1', path: 'a b/c#d.gguf' }
    expect(hubFileUrl(parseEndpoint(endpoint), file).href).toBe(
      'https://hub.example/org/repo/resolve/refs%2Fpr%2F1/a%20b/c%23d.gguf',
    )
  })

  it('may lie below a path', () => {
    const file = { repo: 'org/repo', revision: 'main', path: 'm.gguf' }
    expect(hubFileUrl(parseEndpoint('https://mirror.example/hf/'), file).href).toBe(
      'https://mirror.example/hf/org/repo/resolve/main/m.gguf',
    )
  })

  it.each(['nonsense', 'ftp://hub.example', 'https://user:secret@hub.example'])('%s is no endpoint', (endpoint) => {
    expect(() => parseEndpoint(endpoint)).toThrow(expect.objectContaining({ code: 'bad-address' }))
  })
})
