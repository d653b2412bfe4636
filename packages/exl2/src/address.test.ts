import { describe, expect, it } from 'vitest'
import {
  type Exl2Address,
  folderName,
  folderSource,
  mayBeHubFolder,
  namesRevision,
  parseExl2Address,
} from './address.ts'
import { issueFrom } from './testing/issue-from.ts'

const hub = (repo: string, revision = 'main', folder = '') => ({ kind: 'hub-folder', repo, revision, folder })

describe('the address of a folder', () => {
  it.each([
    ['/data/model', { kind: 'folder', path: '/data/model' }],
    ['org/repo', { kind: 'folder', path: 'org/repo' }],
    ['C:\\models\\llama', { kind: 'folder', path: 'C:\\models\\llama' }],
    ['file:///data/a%20b', { kind: 'folder', path: '/data/a b' }],
    ['  model \n', { kind: 'folder', path: 'model' }],
    ['hf:org/repo', hub('org/repo')],
    ['hf://org/repo/', hub('org/repo')],
    ['hf.co/org/repo@4.0bpw', hub('org/repo', '4.0bpw')],
    ['org/repo@4.0bpw', hub('org/repo', '4.0bpw')],
    ['./org/repo@4.0bpw', { kind: 'folder', path: './org/repo@4.0bpw' }],
    ['hf:org/repo@4.0bpw/a/b', hub('org/repo', '4.0bpw', 'a/b')],
    ['hf:org/repo-exl2_x/4bpw', hub('org/repo-exl2_x', 'main', '4bpw')],
    ['https://huggingface.co/org/repo', hub('org/repo')],
    ['https://huggingface.co/org/repo/tree/4.0bpw', hub('org/repo', '4.0bpw')],
    ['https://hf.co/org/repo/tree/refs%2Fpr%2F1/a%20b', hub('org/repo', 'refs/pr/1', 'a b')],
    ['https://mirror.example/org/repo/tree/main?x=1', hub('org/repo')],
  ])('%s', (text, address) => {
    expect(parseExl2Address(text, 'https://mirror.example')).toEqual(address)
  })

  it.each([
    ['', 'it is empty'],
    ['a\0b', 'it holds a zero byte'],
    ['x'.repeat(4097), 'it is longer than 4096 characters'],
    ['hf:repo', 'expected org/repo, org/repo@revision or org/repo/folder'],
    ['hf:org/repo@a b', 'expected org/repo, org/repo@revision or org/repo/folder'],
    ['hf:org/repo/../x', 'its path is not plain'],
    ['hf:org/repo@main//x', 'its path is not plain'],
    ['https://example.org/org/repo', 'a folder is read from a path or from the hub, not from a plain URL'],
    ['https://huggingface.co/datasets', 'it is not the page of a repository'],
    [
      'https://huggingface.co/org/repo/blob/main/config.json',
      'it is not the page of a folder; expected …/tree/revision',
    ],
    ['https://huggingface.co/org/repo/tree', 'it is not the page of a folder; expected …/tree/revision'],
    ['https://huggingface.co/org/repo/tree/main/a%2F..%2Fx', 'its path is not plain'],
    ['https://huggingface.co/org/%ff', 'it is not properly percent-encoded'],
    ['ftp://example.org/x', 'ftp: is not supported'],
  ])('is refused: %s', (text, problem) => {
    expect(issueFrom(() => parseExl2Address(text))).toMatchObject({ code: 'bad-address', problem })
  })

  it.each([
    ['hf:org/repo', true],
    ['hf:org/repo/4bpw', true],
    ['org/repo@4.0bpw', true],
    ['hf:org/repo:Q4_K_M', false],
    ['/data/model', false],
    ['', false],
  ])('%s may be a folder on the hub: %s', (text, expected) => {
    expect(mayBeHubFolder(text)).toBe(expected)
  })

  it.each([
    ['/data/model', { kind: 'path', path: '/data/model' }],
    ['org/repo@4.0bpw', { kind: 'hub', repository: 'org/repo', revision: '4.0bpw' }],
    ['hf:org/repo/a/4bpw', { kind: 'path', path: 'models/4bpw' }],
  ])('an engine finds %s at %j', (text, source) => {
    expect(folderSource(parseExl2Address(text))).toEqual(source)
  })

  it.each([
    ['org/repo@4.0bpw', true],
    ['hf:org/repo@main', true],
    ['https://huggingface.co/org/repo/tree/4.0bpw', true],
    ['hf:org/repo', false],
    ['https://huggingface.co/org/repo/tree/main', false],
    ['org/repo:Q4_K_M', false],
    ['/data/model@4.0bpw', false],
    ['https://example.org/x.gguf', false],
    ['', false],
  ])('%s names a revision: %s', (text, expected) => {
    expect(namesRevision(text)).toBe(expected)
  })

  it.each<[Exl2Address, string]>([
    [{ kind: 'hub-folder', repo: 'org/model-exl2', revision: '4.0bpw', folder: '' }, 'model-exl2 4.0bpw'],
    [{ kind: 'hub-folder', repo: 'org/model-exl2', revision: 'main', folder: '' }, 'model-exl2'],
    [{ kind: 'hub-folder', repo: 'org/quants', revision: 'main', folder: 'a/4bpw' }, '4bpw'],
    [{ kind: 'folder', path: '/data/model-4bpw/' }, 'model-4bpw'],
    [{ kind: 'folder', path: String.raw`C:\models\llama` }, 'llama'],
    [{ kind: 'folder', path: '/' }, '/'],
  ])('names %j %s', (address, name) => {
    expect(folderName(address)).toBe(name)
  })

  it('is refused with the hub’s own address if that is wrong', () => {
    expect(issueFrom(() => parseExl2Address('https://x.example/a/b', 'nonsense'))).toMatchObject({
      code: 'bad-address',
    })
  })
})
