import { describe, expect, it } from 'vitest'
import { parseAddress } from './address.ts'

describe('an address', () => {
  it.each([
    ['model.gguf', { kind: 'file', path: 'model.gguf' }],
    ['./org/repo:Q4_K_M', { kind: 'file', path: './org/repo:Q4_K_M' }],
    ['/data/model.gguf', { kind: 'file', path: '/data/model.gguf' }],
    ['org/repo/model.gguf', { kind: 'file', path: 'org/repo/model.gguf' }],
    ['C:\\models\\model.gguf', { kind: 'file', path: 'C:\\models\\model.gguf' }],
    ['C:/models/model.gguf', { kind: 'file', path: 'C:/models/model.gguf' }],
    ['file:///data/a%20b.gguf', { kind: 'file', path: '/data/a b.gguf' }],
    ['  model.gguf\n', { kind: 'file', path: 'model.gguf' }],
    ['hf:org/repo/model.gguf', { kind: 'hub-file', repo: 'org/repo', revision: 'main', path: 'model.gguf' }],
    ['hf://org/repo/a/b.gguf', { kind: 'hub-file', repo: 'org/repo', revision: 'main', path: 'a/b.gguf' }],
    ['hf:org/repo:Q4_K_M', { kind: 'hub-quant', repo: 'org/repo', quant: 'Q4_K_M' }],
    ['org/repo-1.5_x:UD-Q4_K_XL', { kind: 'hub-quant', repo: 'org/repo-1.5_x', quant: 'UD-Q4_K_XL' }],
    ['hf.co/org/repo:q4_k_m', { kind: 'hub-quant', repo: 'org/repo', quant: 'q4_k_m' }],
    ['https://hf.co/org/repo:Q8_0', { kind: 'hub-quant', repo: 'org/repo', quant: 'Q8_0' }],
    ['huggingface.co/org/repo', { kind: 'hub-quant', repo: 'org/repo', quant: undefined }],
    ['hf:org/repo', { kind: 'hub-quant', repo: 'org/repo', quant: undefined }],
    ['https://huggingface.co/org/repo', { kind: 'hub-quant', repo: 'org/repo', quant: undefined }],
    ['https://huggingface.co/org/repo/tree/main', { kind: 'hub-quant', repo: 'org/repo', quant: undefined }],
    [
      'https://huggingface.co/org/repo/blob/main/a%20b/c.gguf',
      { kind: 'hub-file', repo: 'org/repo', revision: 'main', path: 'a b/c.gguf' },
    ],
    [
      'https://huggingface.co/org/repo/resolve/refs%2Fpr%2F1/c.gguf?download=true',
      { kind: 'hub-file', repo: 'org/repo', revision: 'refs/pr/1', path: 'c.gguf' },
    ],
    [
      'http://mirror.example:8080/org/repo/blob/v1/c.gguf',
      { kind: 'hub-file', repo: 'org/repo', revision: 'v1', path: 'c.gguf' },
    ],
  ])('%s is understood', (text, address) => {
    expect(parseAddress(text, 'http://mirror.example:8080')).toEqual(address)
  })

  it.each([
    ['https://example.org/org/repo/blob/main/m.gguf'],
    ['http://127.0.0.1:1/m.gguf?a=b'],
    ['https://huggingface.co/datasets/org/repo/resolve/main/m.gguf'],
    ['https://huggingface.co/datasets'],
  ])('%s is a plain URL', (text) => {
    expect(parseAddress(text)).toEqual({ kind: 'url', url: new URL(text) })
  })

  it.each([
    [''],
    ['   '],
    ['x'.repeat(4097)],
    ['a\0b.gguf'],
    ['ftp://example.org/m.gguf'],
    ['s3://bucket/m.gguf'],
    ['https://'],
    ['https://user:secret@example.org/m.gguf'],
    ['hf:repo'],
    ['hf:org/repo/../../other/m.gguf'],
    ['hf:org/repo//m.gguf'],
    ['hf:../repo:Q4_K_M'],
    ['https://huggingface.co/org/repo/blob/main/..%2F..%2Fm.gguf'],
    ['https://huggingface.co/org/repo/blob/main/%ff'],
    ['file://server/share%2Fm.gguf'],
  ])('%j is refused', (text) => {
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'bad-address' }))
  })

  it('does not repeat a password in its error', () => {
    expect(() => parseAddress('https://user:secret@example.org/m.gguf')).toThrow(/^(?!.*secret).*example\.org/)
  })
})
